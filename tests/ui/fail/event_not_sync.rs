//! An event is shared between threads.
//!
//! Mend: use a type that is `Sync`: an atomic or a `Mutex` instead of a `Cell`, or the plain value.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    count: std::cell::Cell<u8>,
}

fn main() {}
