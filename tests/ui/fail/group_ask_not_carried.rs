//! A group is asked what it carries.
//!
//! Mend: add the event to the group.

use std::time::Duration;

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage;

#[event("presence.who", answer = u32)]
struct Who;

#[group("lobby", events(ChatMessage))]
struct Lobby;

async fn ask(channels: &Channels) -> Result {
    Lobby.ask(channels, Who, Duration::from_secs(1)).await?;
    Ok(())
}

fn main() {
    let _ = ask(&Channels::memory());
}
