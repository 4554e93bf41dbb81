//! Two types of one name are two groups.
//!
//! Mend: use one of the two types in both consumers, or begin one template differently.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

#[consumer("/ws/chat/{room}/", group = Room)]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

mod shop {
    use super::*;

    #[group("chat_{room}", events(ChatMessage))]
    pub struct Room {
        room: String,
    }
}

#[consumer("/ws/shop/{room}/", group = shop::Room)]
struct Shop {
    room: String,
}

#[consumer]
impl Shop {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {
    let _app: axum::Router = routes![Chat, Shop];
}
