//! A group is a struct.
//!
//! Mend: write a struct with named fields, and the enum in one of them if it implements `Display`.

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
