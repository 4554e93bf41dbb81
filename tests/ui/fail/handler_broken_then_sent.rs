//! A broken handler still handles its event: sending it is no second mistake.
//!
//! Mend: write `async fn`; the send is right as it is.

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
    #[event("chat.message")]
    fn on_message(&mut self, event: &ChatMessage) {}

    #[receive]
    async fn receive(&mut self, message: String, context: &mut Context<Self>) -> Result {
        context.group().send(ChatMessage { message }).await
    }
}

fn main() {}
