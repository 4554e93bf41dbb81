//! The handler's name is the payload's.

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
    #[event("chat.msg")]
    async fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
