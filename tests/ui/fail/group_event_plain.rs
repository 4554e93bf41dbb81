//! What a group carries is an event.

use consumer_runtime::prelude::*;

struct Plain;

#[group("chat_{room}", events(Plain))]
struct Room {
    room: String,
}

fn main() {}
