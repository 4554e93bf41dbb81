//! A group's name stands first, without a name of its own.
//!
//! Mend: write `#[group("room", ..)]`.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[group(name = "room", events(Typing))]
struct Room;

fn main() {}
