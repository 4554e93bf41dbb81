//! Every field of a group is in its name.
//!
//! Mend: put the field in the name, as in `"chat_{room}_{floor}"`, or remove it.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
    floor: u8,
}

fn main() {}
