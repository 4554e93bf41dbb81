//! The payload of an event handler has a size.
//!
//! Mend: take the event's struct by reference.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, message: &str) {}
}

fn main() {}
