//! A method handles one event.
//!
//! Mend: write a second method for the second event.

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
    #[event("chat.other")]
    async fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
