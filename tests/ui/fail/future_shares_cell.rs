//! A handler with `&self` shares the consumer, so all of it can be shared.
//!
//! Mend: take `&mut self`.

use std::cell::Cell;

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat {
    seen: Cell<u64>,
}

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&self, _: String, context: &mut Context<Self>) -> Result {
        self.seen.set(self.seen.get() + 1);
        context.send_text("seen").await
    }
}

fn main() {}
