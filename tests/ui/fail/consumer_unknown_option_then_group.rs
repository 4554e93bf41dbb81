//! A wrong option leaves the right ones alone.
//!
//! Mend: remove the wrong option; `group` and all that depends on it are right as they are.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", rooms(Room), group = "chat_{room}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) {
        let _ = context.group().name();
    }
}

fn main() {}
