//! The name on a handler is lowercase words joined by dots.
//!
//! Mend: write the name that the payload has: `#[event("chat.message")]`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat message")]
    async fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
