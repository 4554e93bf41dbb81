//! The fields of an event have names.
//!
//! Mend: name the fields: `struct ChatMessage { message: String }`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage(String);

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

fn main() {}
