//! The name of a group has no characters that Django Channels refuses.
//!
//! Mend: use ASCII letters, digits, `-`, `_` and `.` between the placeholders.

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
