//! A group is one type.
//!
//! Mend: name the field's type, such as `String`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room<T> {
    room: T,
}

fn main() {}
