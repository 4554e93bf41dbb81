//! A broken group is one mistake, wherever it is sent to and joined.
//!
//! Mend: replace the blank in the name, as in `"chat_{room}"`; sends and joins are right as they are.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat {room}", events(ChatMessage))]
struct Room {
    room: String,
}

#[consumer("/ws/{room}", group = Room)]
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

async fn send(channels: &Channels, message: String) -> Result {
    Room { room: String::new() }.send(channels, ChatMessage { message }).await
}

fn main() {}
