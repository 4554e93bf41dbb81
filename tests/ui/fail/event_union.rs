//! An event is a struct, not a union.
//!
//! Mend: write a struct.

use consumer_runtime::prelude::*;

#[event("chat.message")]
union ChatMessage {
    number: u8,
}

fn main() {}
