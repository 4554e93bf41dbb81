//! A handler with `self` is an `async fn`.
//!
//! Mend: write `async fn`; or remove `self` and return a value, if every member gets the same.

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
    fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
