//! What a handler without `self` returns can be serialised.
//!
//! Mend: add `#[derive(serde::Serialize)]` to what is returned.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

struct Plain;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    fn on_message(event: &ChatMessage) -> Plain {
        Plain
    }
}

fn main() {}
