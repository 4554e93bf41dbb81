//! A send may fail, and its result says so.
//!
//! Mend: write `.await?` in a handler that returns `Result`, or look at the error.

#![deny(unused_must_use)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) {
        context.send_text(text).await;
    }
}

fn main() {}
