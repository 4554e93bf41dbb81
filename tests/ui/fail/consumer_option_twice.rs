//! An option of a consumer is given once.
//!
//! Mend: remove one of the two.

use consumer_runtime::prelude::*;

#[consumer("/ws", keep_scope, keep_scope)]
struct Chat;

fn main() {}
