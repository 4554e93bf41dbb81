//! A payload is named by its type.
//!
//! Mend: name the event's type: `event: &ChatMessage`.

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
    async fn on_message(&mut self, event: impl Event) {}
}

fn main() {}
