//! `#[event]` stands above the derives, which it reads: rustc's own error.

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
#[event("chat.message")]
struct ChatMessage {
    message: String,
}

fn main() {}
