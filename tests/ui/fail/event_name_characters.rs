//! The name of an event is lowercase words joined by dots.
//!
//! Mend: write the name in lowercase with dots: `"chat.message"`.

use consumer_runtime::prelude::*;

#[event("Chat Message")]
struct ChatMessage {
    message: String,
}

fn main() {}
