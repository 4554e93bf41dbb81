//! An event owns its data.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage<'a> {
    message: &'a str,
}

fn main() {}
