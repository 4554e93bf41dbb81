//! Unknown options are told with the known ones.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", carries(ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
