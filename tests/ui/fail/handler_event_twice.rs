//! An event has one handler.
//!
//! Mend: join the two handlers, or give the second its own payload's name.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("other")]
struct Other;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage) {}

    #[event("chat.message")]
    async fn also(&mut self, event: &Other) {}
}

fn main() {}
