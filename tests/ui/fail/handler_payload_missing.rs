//! An event handler takes its payload.
//!
//! Mend: take `event: &ChatMessage` after `self`.

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
    async fn on_message(&mut self) {}
}

fn main() {}
