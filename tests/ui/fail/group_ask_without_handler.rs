//! An own group is asked what its consumer handles.
//!
//! Mend: add a handler for the event.

#![allow(unused_variables)]

use std::time::Duration;

use consumer_runtime::prelude::*;

#[event("presence.who", answer = u32)]
struct Who;

#[consumer("/ws", group = "lobby")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(text)]
    async fn ask(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.group().ask(Who, Duration::from_secs(1)).await?;
        Ok(())
    }
}

fn main() {}
