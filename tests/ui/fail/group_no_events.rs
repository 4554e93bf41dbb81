//! A group carries one event at least.
//!
//! Mend: name the events in `events(..)`.

use consumer_runtime::prelude::*;

#[group("chat_{room}", events())]
struct Room {
    room: String,
}

fn main() {}
