//! A placeholder is in the name of a group once.
//!
//! Mend: remove one of the two.

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
