//! What a group carries is an event.
//!
//! Mend: put `#[event("..")]` above the type.

use consumer_runtime::prelude::*;

struct Plain;

#[group("chat_{room}", events(Plain))]
struct Room {
    room: String,
}

fn main() {}
