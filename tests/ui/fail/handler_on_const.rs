//! A handler is a method, not a constant.
//!
//! Mend: put the attribute above a method.

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
    const ON_MESSAGE: u8 = 1;
}

fn main() {}
