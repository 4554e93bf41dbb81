//! An event is one type.
//!
//! Mend: name the type that it carries, or write one event for each type.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage<T> {
    message: T,
}

fn main() {}
