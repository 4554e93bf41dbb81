//! The name of a private group obeys the rule of Django Channels.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", group = "chat {room}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {}

fn main() {}
