//! The consumer has a field for every placeholder of its declared group.
//!
//! Mend: give the field the placeholder's name, or join the group in `#[connect]`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room_name}", events(ChatMessage))]
struct Room {
    room_name: String,
}

#[consumer("/ws/{room}", group = Room)]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
