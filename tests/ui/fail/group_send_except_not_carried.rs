//! Who is left out changes nothing about what a group carries.
//!
//! Mend: add the event to the group.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage;

#[event("chat.typing")]
struct Typing;

#[group("lobby", events(ChatMessage))]
struct Lobby;

async fn send(channels: &Channels) -> Result {
    Lobby.send_except(channels, Typing, []).await
}

fn main() {
    let _ = send(&Channels::memory());
}
