//! A placeholder is there once.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("{room}_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
