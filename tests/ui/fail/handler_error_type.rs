//! The error that a handler returns implements `std::error::Error`.
//!
//! Mend: implement `std::error::Error` for it, or return another error.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

struct MyError;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage) -> Result<(), MyError> {
        Err(MyError)
    }
}

fn main() {}
