//! A broken event is one mistake, wherever it is handled and sent.
//!
//! Mend: give the event a name of lowercase words joined by dots; its handlers and sends are right as they are.

use consumer_runtime::prelude::*;

#[event("Chat.Message")]
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

    #[event("chat.message")]
    fn chat_message(event: &ChatMessage) -> &str {
        &event.message
    }
}

fn main() {}
