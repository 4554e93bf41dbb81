//! An event's name stands alone.
//!
//! Mend: write `#[event("typing")]`.

use consumer_runtime::prelude::*;

#[event(name = "typing")]
struct Typing;

fn main() {}
