//! An event is a struct.

use consumer_runtime::prelude::*;

#[event("chat.message")]
enum ChatMessage {
    Text(String),
}

fn main() {}
