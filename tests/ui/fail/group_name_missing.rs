//! A group has a name.
//!
//! Mend: write the name first: `#[group("chat_{room}", events(ChatMessage))]`.

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
