//! A consumer handles every event of each of its declared groups.
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

#[group("lobby", events(ChatMessage))]
struct Lobby;

#[consumer("/ws/{room}", groups(Lobby, Room))]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
