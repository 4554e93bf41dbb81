//! A group's events are listed by their types.
//!
//! Mend: write `events(Typing)`.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[group("room", events("typing"))]
struct Room;

fn main() {}
