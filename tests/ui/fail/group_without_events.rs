//! A group says which events it carries.
//!
//! Mend: add `events(..)` with the events that may be sent to it.

use consumer_runtime::prelude::*;

#[group("chat_{room}")]
struct Room {
    room: String,
}

fn main() {}
