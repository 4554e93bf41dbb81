//! Something separates two placeholders.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}{floor}", events(ChatMessage))]
struct Room {
    room: String,
    floor: u8,
}

fn main() {}
