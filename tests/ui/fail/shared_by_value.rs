//! A handler without `self` sees what all members share.
//!
//! Mend: take it by reference: `event: &ChatMessage`.

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
    fn on_message(event: ChatMessage) -> u8 {
        1
    }
}

fn main() {}
