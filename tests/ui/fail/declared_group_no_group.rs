//! A declared group is a group.

use consumer_runtime::prelude::*;

struct Room {
    room: String,
}

#[consumer("/ws/{room}", group = Room)]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {}

fn main() {}
