//! An event has a name.

use consumer_runtime::prelude::*;

#[event]
struct ChatMessage {
    message: String,
}

fn main() {}
