//! A method is one kind of handler.
//!
//! Mend: write a second method for the frame.

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
    #[receive]
    async fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
