//! The path comes first, then the options.
//!
//! Mend: put the path before the options: `#[consumer("/ws", keep_scope)]`.

use consumer_runtime::prelude::*;

#[consumer(keep_scope)]
struct Chat;

fn main() {}
