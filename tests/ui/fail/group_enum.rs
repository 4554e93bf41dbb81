//! A group is a struct.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat", events(ChatMessage))]
enum Room {
    Lobby,
}

fn main() {}
