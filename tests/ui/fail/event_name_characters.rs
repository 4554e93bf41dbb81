//! The name of an event is lowercase words joined by dots.

use consumer_runtime::prelude::*;

#[event("Chat Message")]
struct ChatMessage {
    message: String,
}

fn main() {}
