//! A frame's handler takes no event.
//!
//! Mend: write `#[event("chat.message")]` above the handler.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[consumer("/ws/{room}", group = "chat_{room}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, message: String, context: &mut Context<Self>) -> Result {
        context.group().send(ChatMessage { message }).await
    }

    #[receive("chat.message")]
    async fn chat_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
