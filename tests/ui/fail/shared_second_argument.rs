//! A handler without `self` takes its event alone.
//!
//! Mend: remove the argument; all that the answer needs belongs in the event.

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
    fn on_message(event: &ChatMessage, more: u8) -> u8 {
        more
    }
}

fn main() {}
