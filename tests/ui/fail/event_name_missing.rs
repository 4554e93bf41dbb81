//! An event has a name.
//!
//! Mend: write the name: `#[event("chat.message")]`.

use consumer_runtime::prelude::*;

#[event]
struct ChatMessage {
    message: String,
}

fn main() {}
