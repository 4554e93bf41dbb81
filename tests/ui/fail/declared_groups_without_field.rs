//! The consumer has a field for every placeholder of each of its declared groups.
//!
//! Mend: give the field the placeholder's name, or join the group in `#[connect]`.
//!
//! Errors: 2, one for each group whose name cannot be filled.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

#[group("user_{user}", events(ChatMessage))]
struct User {
    user: String,
}

#[group("team_{team}", events(ChatMessage))]
struct Team {
    team: String,
}

#[consumer("/ws/{room}", groups(User, Room, Team))]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
