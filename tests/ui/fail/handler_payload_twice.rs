//! A payload has one handler under one name.
//!
//! Mend: join the two handlers, or give the second an event of its own.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage) {}

    #[event("chat.other")]
    async fn also(&mut self, event: &ChatMessage) {}
}

fn main() {}
