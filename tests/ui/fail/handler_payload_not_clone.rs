//! A payload that is taken by value is `Clone`.
//!
//! Mend: take it by reference, or add `#[derive(Clone)]` to the event.

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
    async fn on_message(&mut self, event: ChatMessage) {}
}

fn main() {}
