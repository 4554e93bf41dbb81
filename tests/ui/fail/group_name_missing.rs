//! A group has a name.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group(events(ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
