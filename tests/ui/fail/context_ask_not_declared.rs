//! What a client is asked is declared among what the consumer sends.
//!
//! Mend: add it to `sends(..)`.

use std::time::Duration;

use consumer_runtime::prelude::*;

#[event("board.confirm", answer = bool)]
struct Confirm;

#[consumer("/ws")]
struct Board;

#[consumer]
impl Board {
    #[receive(text)]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.ask(&Confirm, Duration::from_secs(1)).await?;
        Ok(())
    }
}

fn main() {}
