//! The braces of a path are balanced.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room")]
struct Chat {
    room: String,
}

fn main() {}
