//! Two types of groups cannot give one name.
//!
//! Mend: begin one of the templates differently, or use one group type in both consumers.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

#[group("chat_lobby", events(ChatMessage))]
struct Lobby;

#[consumer("/ws/chat/{room}/", group = Room)]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

#[consumer("/ws/hall/", group = Lobby)]
struct Hall {}

#[consumer]
impl Hall {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {
    let _app: axum::Router = routes![Chat, Hall];
}
