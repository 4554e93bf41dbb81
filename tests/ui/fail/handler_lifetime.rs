//! A handler has no lifetimes of its own.
//!
//! Mend: leave the lifetimes out.

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
    async fn on_message<'a>(&mut self, event: &'a ChatMessage) {}
}

fn main() {}
