//! The payload comes before the context.
//!
//! Mend: swap the two arguments.

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
    async fn on_message(&mut self, context: &mut Context<Self>, event: &ChatMessage) {}
}

fn main() {}
