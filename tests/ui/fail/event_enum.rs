//! An event is a struct, not an enum.
//!
//! Mend: write one struct with an `#[event(..)]` for each variant.

use consumer_runtime::prelude::*;

#[event("chat.message")]
enum ChatMessage {
    Text(String),
}

fn main() {}
