//! The consumer stays in its handlers.
//!
//! Mend: give the task clones of what it needs, and let it send an event to the consumer's channel.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat {
    seen: u64,
}

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String) {
        tokio::spawn(async move {
            self.seen += 1;
        });
    }
}

fn main() {}
