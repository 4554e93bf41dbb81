//! A payload is not changed, since the other members get it too.
//!
//! Mend: remove the `mut`, or take the event by value and change that.

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
    async fn on_message(&mut self, event: &mut ChatMessage) {}
}

fn main() {}
