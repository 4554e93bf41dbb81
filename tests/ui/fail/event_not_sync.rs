//! An event is shared between threads.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    count: std::cell::Cell<u8>,
}

fn main() {}
