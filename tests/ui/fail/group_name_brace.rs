//! The braces in the name of a group are closed.
//!
//! Mend: close the brace: `"chat_{room}"`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room", events(ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
