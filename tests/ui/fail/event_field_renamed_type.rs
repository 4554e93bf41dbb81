//! No field of an event is renamed to `type`.
//!
//! Mend: rename it to something else.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    #[serde(rename = "type")]
    kind: String,
}

fn main() {}
