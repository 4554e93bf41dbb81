//! Several declared groups are types.
//!
//! Mend: declare a type for the template, `#[group("lobby", events(..))] struct Lobby;`, and list it.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

#[consumer("/ws/{room}", groups(Room, "lobby"))]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
