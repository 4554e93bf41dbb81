//! The future of a handler can move to another thread.
//!
//! Mend: drop the value before the `.await`, or use a `Send` one: `Arc` instead of `Rc`.

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
    async fn on_message(&mut self, event: &ChatMessage, context: &mut Context<Self>) -> Result {
        let local = std::rc::Rc::new(1);
        context.send_text("hi").await?;
        drop(local);
        Ok(())
    }
}

fn main() {}
