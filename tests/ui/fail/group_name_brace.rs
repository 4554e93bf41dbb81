//! The braces of a template are balanced.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room", events(ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
