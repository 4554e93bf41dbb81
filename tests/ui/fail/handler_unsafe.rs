//! A handler is safe to call.
//!
//! Mend: remove `unsafe`; an unsafe block in the body can stay.

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
    async unsafe fn on_message(&mut self, event: &ChatMessage) {}
}

fn main() {}
