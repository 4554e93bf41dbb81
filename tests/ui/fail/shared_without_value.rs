//! A handler without `self` returns what is sent.
//!
//! Mend: return what every member is sent, or take `&mut self` and write `async fn`.

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
    fn on_message(event: &ChatMessage) {}
}

fn main() {}
