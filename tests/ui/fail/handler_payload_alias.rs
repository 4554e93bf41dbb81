//! A payload has one handler, under any alias: two true errors.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

type Alias = ChatMessage;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage) {}

    #[event("chat.other")]
    async fn also(&mut self, event: &Alias) {}
}

fn main() {}
