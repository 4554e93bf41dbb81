//! The name of a group obeys the rule of Django Channels.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat/{room}", events(ChatMessage))]
struct Room {
    room: String,
}

fn main() {}
