//! An event owns its data.
//!
//! Mend: own what is borrowed: `String` instead of `&str`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage<'a> {
    message: &'a str,
}

fn main() {}
