//! A consumer is declared on its struct.
//!
//! Mend: put `#[consumer("/ws")]` above the struct.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }

    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
