//! All mistakes of an impl are told in one run.
//!
//! Mend: correct each where it is underlined; no error here is the consequence of another.
//!
//! Errors: 6, one for each of the six mistakes.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[event("typing")]
struct Typing;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    fn on_message(&mut self, event: &ChatMessage) {}

    #[event("Typing")]
    async fn typing(&mut self, event: &Typing) {}

    #[receive(json)]
    async fn receive(&mut self, frame: String) {}

    #[receive("chat.history")]
    async fn history(frame: String) {}

    #[connect]
    async fn connect(self) -> Result<Self, Refusal> {
        Ok(self)
    }

    #[disconnect]
    async fn disconnect(&mut self) -> Option<u8> {
        None
    }
}

fn main() {}
