//! A capture is there once.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}/{room}")]
struct Chat {
    room: String,
}

fn main() {}
