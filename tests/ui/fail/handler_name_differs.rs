//! The name on a handler is its payload's.
//!
//! Mend: write the payload's name on the handler, or take the payload that has this name.

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
