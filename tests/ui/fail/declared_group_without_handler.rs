//! A consumer handles every event of its declared group.
//!
//! Mend: add a handler for the event, or take the event out of the group.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("typing")]
struct Typing;

#[group("chat_{room_name}", events(ChatMessage, Typing))]
struct Room {
    room_name: String,
}

#[consumer("/ws/{room_name}", group = Room)]
struct Chat {
    room_name: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
