//! `crate` has a value.
//!
//! Mend: write the path to the runtime: `crate = my::runtime`.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[group("room", events(Typing), crate)]
struct Room;

fn main() {}
