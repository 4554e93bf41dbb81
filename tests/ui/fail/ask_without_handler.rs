//! A connection whose consumer is named is asked what that handles.
//!
//! Mend: add a handler for the event, or ask another consumer.

use std::time::Duration;

use consumer_runtime::prelude::*;

#[event("presence.who", answer = u32)]
struct Who;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {}

async fn ask(channels: &Channels, name: &str) -> Result {
    channels.channel(name)?.ask_as::<Chat, _>(Who, Duration::from_secs(1)).await?;
    Ok(())
}

fn main() {
    let _ = ask(&Channels::memory(), "name");
}
