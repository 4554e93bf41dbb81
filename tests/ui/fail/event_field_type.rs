//! No field of an event is written as `type`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    r#type: String,
}

fn main() {}
