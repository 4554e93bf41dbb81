//! A payload has one handler, under any alias.
//!
//! Mend: join the two handlers, or give the second an event of its own.
//!
//! Errors: 2, both true: the payload has two handlers, and the second one has the wrong name.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

type Alias = ChatMessage;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage) {}

    #[event("chat.other")]
    async fn also(&mut self, event: &Alias) {}
}

fn main() {}
