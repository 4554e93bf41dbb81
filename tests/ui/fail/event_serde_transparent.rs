//! No attribute of serde changes the form of an event.

use consumer_runtime::prelude::*;

#[event("chat.message")]
#[serde(rename_all = "camelCase", transparent)]
struct ChatMessage {
    message: String,
}

fn main() {}
