//! An event is one type.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage<T> {
    message: T,
}

fn main() {}
