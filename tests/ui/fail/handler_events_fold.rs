//! Names that Django Channels reads as one are one: `.` is `_`.
//!
//! Mend: rename one of the two events, on its struct and on its handler.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("chat_message")]
struct Other;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage) {}

    #[event("chat_message")]
    async fn also(&mut self, event: &Other) {}
}

fn main() {}
