//! No two groups of a consumer can have one name.
//!
//! Mend: begin one of the templates differently, or make one group of both.

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

#[consumer("/ws/{room}", groups(Room, Lobby))]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
