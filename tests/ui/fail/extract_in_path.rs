//! A field has one source.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}")]
struct Chat {
    #[extract]
    room: String,
}

fn main() {}
