//! No `tag` of serde's changes the form of an event.
//!
//! Mend: remove the `tag`; `type` is written for you.

use consumer_runtime::prelude::*;

#[event("chat.message")]
#[serde(tag = "kind")]
struct ChatMessage {
    message: String,
}

fn main() {}
