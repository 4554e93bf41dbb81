//! A handler without `self` can't wait.
//!
//! Mend: remove `async`, or take `&mut self`.

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
    async fn on_message(event: &ChatMessage) -> u8 {
        1
    }
}

fn main() {}
