//! A consumer joins a group when it handles all of its events.
//!
//! Mend: add a handler for the event, or take the event out of the group.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("typing")]
struct Typing;

#[group("chat_{room}", events(ChatMessage, Typing))]
struct Room {
    room: String,
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, room: String, context: &mut Context<Self>) -> Result {
        context.join(Room { room }).await
    }

    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
