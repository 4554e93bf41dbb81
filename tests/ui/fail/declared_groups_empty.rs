//! A list of groups names some.
//!
//! Mend: name the groups, or leave the list out.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[consumer("/ws/{room}", groups())]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
