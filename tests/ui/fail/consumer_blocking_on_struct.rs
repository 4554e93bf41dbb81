//! `blocking` belongs above the impl block.

use consumer_runtime::prelude::*;

#[consumer("/ws", blocking)]
struct Chat;

fn main() {}
