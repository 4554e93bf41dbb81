//! A handler takes a payload and a context, and nothing else.
//!
//! Mend: remove the argument; state belongs in the consumer's fields.

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
    async fn on_message(&mut self, event: &ChatMessage, context: &mut Context<Self>, more: u8) {}
}

fn main() {}
