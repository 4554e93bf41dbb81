//! The name of an event is a string.
//!
//! Mend: put it in quotes.

use consumer_runtime::prelude::*;

#[event(chat.message)]
struct ChatMessage {
    message: String,
}

fn main() {}
