//! A field in the name of a private group has a text.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", group = "chat_{numbers}")]
struct Chat {
    room: String,
    numbers: Vec<u8>,
}

#[consumer]
impl Chat {}

fn main() {}
