//! The context is taken by `&mut`.
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
    async fn on_message(&mut self, event: &ChatMessage, context: Vec<u8>) {}
}

fn main() {}
