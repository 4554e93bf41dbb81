//! A consumer has one `#[consumer] impl`.
//!
//! Mend: move all handlers into one; other methods may stay in an impl without the attribute.

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
