//! An event handler with `self` answers nobody.
//!
//! Mend: return `Result` and send the value with `context.send(&value)`, or write a plain `fn` without `self`.

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
    async fn on_message(&mut self, event: &ChatMessage) -> Result<u8> {
        Ok(1)
    }
}

fn main() {}
