//! An event that is sent has its handler in every configuration.
//!
//! Mend: put the same `#[cfg(..)]` above the send.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[consumer("/ws", group = "room")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.group().send(Typing).await
    }

    #[cfg(any())]
    #[event("typing")]
    async fn typing(&mut self, _: &Typing) {}
}

fn main() {}
