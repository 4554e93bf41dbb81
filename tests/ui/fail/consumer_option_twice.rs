//! An option is given once.

use consumer_runtime::prelude::*;

#[consumer("/ws", keep_scope, keep_scope)]
struct Chat;

fn main() {}
