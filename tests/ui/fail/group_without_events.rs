//! A group says which events it carries.

use consumer_runtime::prelude::*;

#[group("chat_{room}")]
struct Room {
    room: String,
}

fn main() {}
