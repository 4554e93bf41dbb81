//! A handler borrows the consumer.
//!
//! Mend: take `&mut self` or `&self`.

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
    async fn on_message(self, event: &ChatMessage) {}
}

fn main() {}
