//! `context.group()` is the group that the consumer declares.
//!
//! Mend: declare it with `group = Room`, or send to a joined group by its own value: `Room { .. }.send(..)`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) {
        let _ = context.group();
    }
}

fn main() {}
