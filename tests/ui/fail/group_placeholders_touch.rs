//! Something separates two placeholders.
//!
//! Mend: put a character between them: `"chat_{room}-{floor}"`.

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
