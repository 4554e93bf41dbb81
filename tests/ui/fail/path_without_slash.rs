//! A path starts with `/`.

use consumer_runtime::prelude::*;

#[consumer("ws/{room}")]
struct Chat {
    room: String,
}

fn main() {}
