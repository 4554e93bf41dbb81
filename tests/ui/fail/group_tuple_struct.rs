//! The fields of a group have names.
//!
//! Mend: name the fields: `struct Room { room: String }`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room(String);

fn main() {}
