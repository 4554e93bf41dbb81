//! A group is sent the events that it carries.
//!
//! Mend: add the event to the group's `events(..)`; its members then need a handler.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("typing")]
struct Typing;

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

async fn send(channels: &Channels, room: Room) -> Result {
    room.send(channels, Typing).await
}

fn main() {}
