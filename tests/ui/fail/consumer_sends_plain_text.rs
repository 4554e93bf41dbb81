//! A text has a method of its own.
//!
//! Mend: write `context.send_text("hello")`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.send("hello").await
    }
}

fn main() {}
