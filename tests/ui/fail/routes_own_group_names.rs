//! Two consumers with groups of their own are in two groups.
//!
//! Mend: declare one group type, and use it in both: `group = Room`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[consumer("/ws/chat/{room}/", group = "chat_{room}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

#[consumer("/ws/staff/{room}/", group = "chat_{room}")]
struct Staff {
    room: String,
}

#[consumer]
impl Staff {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {
    let _app: axum::Router = routes![Chat, Staff];
}
