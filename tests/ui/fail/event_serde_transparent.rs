//! No `transparent` of serde's changes the form of an event.
//!
//! Mend: remove the `transparent`; attributes like `rename_all` may stay.

use consumer_runtime::prelude::*;

#[event("chat.message")]
#[serde(rename_all = "camelCase", transparent)]
struct ChatMessage {
    message: String,
}

fn main() {}
