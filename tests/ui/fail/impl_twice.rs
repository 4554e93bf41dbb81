//! A consumer has one impl block with handlers.

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

#[consumer]
impl Chat {
    #[event("typing")]
    async fn typing(&mut self, _: &Typing) {}
}

fn main() {}
