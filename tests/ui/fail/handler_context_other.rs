//! The second argument of a handler is its own consumer's context.
//!
//! Mend: write `context: &mut Context<Self>`.

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
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage, context: &mut Vec<u8>) {}
}

fn main() {}
