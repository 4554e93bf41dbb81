//! The name of a group has less than 100 bytes.
//!
//! Mend: shorten the text around the placeholders.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{room}", events(ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
