//! What is sent is an event.
//!
//! Mend: declare a struct with `#[event("..")]` and send that; add a handler for it.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", group = "chat_{room}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, message: String, context: &mut Context<Self>) -> Result {
        context.group().send("hi").await
    }
}

fn main() {}
