//! The payload of an event handler is no text.
//!
//! Mend: take the event's struct; a text from the browser is for `#[receive(text)]`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, message: String) {}
}

fn main() {}
