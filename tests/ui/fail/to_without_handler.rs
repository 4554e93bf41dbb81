//! A consumer's channel is sent what the consumer handles.
//!
//! Mend: add a handler for the event to the consumer, or send another event.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("typing")]
struct Typing;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

async fn send(channels: &Channels, name: consumer_runtime::ChannelName) -> Result {
    channels.channel(name)?.to::<Chat>(Typing).await
}

fn main() {}
