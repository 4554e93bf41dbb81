//! A wrong option leaves the others alone.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", groups(Room), group = "chat_{room}")]
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
