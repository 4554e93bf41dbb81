//! An event handler names its event.
//!
//! Mend: write the name of the payload's event.

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
    #[event]
    async fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
