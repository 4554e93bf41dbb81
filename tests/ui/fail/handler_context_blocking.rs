//! A blocking context belongs to a blocking impl.
//!
//! Mend: write `context: &mut Context<Self>`, or make the impl `#[consumer(blocking)]`.

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
    async fn on_message(&mut self, event: &ChatMessage, context: &mut BlockingContext<Self>) {}
}

fn main() {}
