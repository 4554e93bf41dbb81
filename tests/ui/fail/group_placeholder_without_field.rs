//! A placeholder in the name of a group is one of its fields.
//!
//! Mend: give placeholder and field one name.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room_name}", events(ChatMessage))]
struct Room {
    name: String,
}

fn main() {}
