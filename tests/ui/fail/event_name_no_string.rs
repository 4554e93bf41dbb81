//! The name of an event is a string.

use consumer_runtime::prelude::*;

#[event(chat.message)]
struct ChatMessage {
    message: String,
}

fn main() {}
