//! A group has one option, `events(..)`.
//!
//! Mend: write `events(..)`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", carries(ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
