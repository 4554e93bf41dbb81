//! Event handlers stand in a `#[consumer] impl`.
//!
//! Mend: put `#[consumer]` above the impl.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

struct Chat;

impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
