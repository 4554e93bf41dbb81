//! A consumer's own group carries what the consumer handles.
//!
//! Mend: add a handler for the event to the consumer.

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
}

fn main() {}
