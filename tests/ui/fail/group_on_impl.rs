//! `#[group(..)]` stands above a struct.
//!
//! Mend: move it to `struct Room`.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

struct Room;

#[group("room", events(Typing))]
impl Room {}

fn main() {}
