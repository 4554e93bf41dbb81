//! Ordinary mistakes in a body are rustc's: three of them.

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
    async fn on_message(&mut self, event: &ChatMessage, context: &mut Context<Self>) -> Result {
        let number: u8 = event.message;
        context.no_such_method();
        missing()
    }
}

fn main() {}
