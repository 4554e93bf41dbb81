//! A field in the name of a group has a text.

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
