//! No field of an event is called `type`.
//!
//! Mend: call the field something else.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    r#type: String,
}

fn main() {}
