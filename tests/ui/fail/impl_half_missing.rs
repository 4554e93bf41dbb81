//! A consumer has a `#[consumer] impl`.
//!
//! Mend: put `#[consumer]` above the impl.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room_name}", events(ChatMessage))]
struct Room {
    room_name: String,
}

#[consumer("/ws/{room_name}", group = Room)]
struct Chat {
    room_name: String,
}

impl Chat {}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
