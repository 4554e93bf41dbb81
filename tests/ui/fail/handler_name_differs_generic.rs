//! The name on a handler is its payload's, in a generic consumer too.
//!
//! Mend: write the payload's name on the handler, or take the payload that has this name.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[consumer("/ws")]
struct Chat<T: Default + Send + 'static> {
    value: T,
}

#[consumer]
impl<T: Default + Send + 'static> Chat<T> {
    #[event("chat.msg")]
    async fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
