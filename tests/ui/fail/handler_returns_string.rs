//! A handler with `self` returns nothing, or `Result`.
//!
//! Mend: return `Result` or nothing, and send with `context.send(&value)` or `context.send_text(..)`.

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
    async fn on_message(&mut self, event: &ChatMessage) -> String {
        String::new()
    }
}

fn main() {}
