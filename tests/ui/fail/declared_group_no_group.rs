//! What a consumer declares as its group is a group.
//!
//! Mend: put `#[group("room_{room}", events(..))]` above the struct.

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
