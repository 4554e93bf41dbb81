//! A field in the name of a group can be written as text.
//!
//! Mend: implement `Display` for the field's type.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

struct Number(u8);

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: Number,
}

fn main() {}
