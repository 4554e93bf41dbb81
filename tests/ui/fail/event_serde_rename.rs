//! The name of an event is in `#[event]` alone.
//!
//! Mend: remove the `rename`; the name belongs in `#[event(..)]`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "message")]
struct ChatMessage {
    message: String,
}

fn main() {}
