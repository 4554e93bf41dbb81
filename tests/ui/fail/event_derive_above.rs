//! `#[event]` stands above the derives.
//!
//! Mend: move `#[derive(..)]` below `#[event(..)]`, which then sees it.

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
#[event("chat.message")]
struct ChatMessage {
    message: String,
}

fn main() {}
