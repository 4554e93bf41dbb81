//! A consumer can move to another thread.
//!
//! Mend: use a `Send` type for the field: `Arc` instead of `Rc`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[consumer("/ws")]
struct Chat {
    local: std::rc::Rc<u8>,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
