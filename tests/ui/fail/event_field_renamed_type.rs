//! No field of an event is renamed to `type`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    #[serde(rename = "type")]
    kind: String,
}

fn main() {}
