//! A consumer declares what it joins in one place.
//!
//! Mend: list all groups in `groups(..)`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

#[group("lobby", events(ChatMessage))]
struct Lobby;

#[consumer("/ws/{room}", group = Room, groups(Lobby))]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
