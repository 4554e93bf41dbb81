//! A handler is one function, without type parameters.
//!
//! Mend: remove the parameter, or name its type.

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
    async fn on_message<T: Send>(&mut self, event: &ChatMessage) {}
}

fn main() {}
