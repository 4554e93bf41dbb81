//! A group lists an event once.
//!
//! Mend: remove one of the two.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage, ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
