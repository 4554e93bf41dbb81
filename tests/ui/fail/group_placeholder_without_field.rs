//! A placeholder is a field of the group.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room_name}", events(ChatMessage))]
struct Room {
    name: String,
}

fn main() {}
