//! `context.group_of::<G>()` is one of the declared groups.
//!
//! Mend: declare the group, or send to it by its own type.

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

#[group("hall", events(ChatMessage))]
struct Hall;

#[consumer("/ws/{room}", groups(Room, Lobby))]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.group_of::<Hall>().send(ChatMessage { message: text }).await
    }

    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
