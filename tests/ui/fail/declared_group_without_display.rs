//! A field in the name of a declared group can be written as text.
//!
//! Mend: give the field a type that implements `Display`, such as `String`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room_name}", events(ChatMessage))]
struct Room {
    room_name: String,
}

#[consumer("/ws", group = Room)]
struct Chat {
    room_name: Vec<u8>,
}

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
