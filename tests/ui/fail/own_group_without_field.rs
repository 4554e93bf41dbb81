//! The placeholders of a private group are fields.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", group = "chat_{name}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {}

fn main() {}
