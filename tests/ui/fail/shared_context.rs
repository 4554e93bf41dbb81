//! A handler without `self` has no connection.
//!
//! Mend: remove the context, or take `&mut self` first.

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
    fn on_message(event: &ChatMessage, context: &mut Context<Self>) -> u8 {
        1
    }
}

fn main() {}
