//! Of several declared groups, the one that is meant is named.
//!
//! Mend: write `context.group_of::<Room>()`.

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

#[consumer("/ws/{room}", groups(Room, Lobby))]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.group().send(ChatMessage { message: text }).await
    }

    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
