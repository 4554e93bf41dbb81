//! The old form of a capture.

use consumer_runtime::prelude::*;

#[consumer("/ws/:room")]
struct Chat {
    room: String,
}

fn main() {}
