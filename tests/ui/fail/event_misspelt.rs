//! Attributes are written in lower case.
//!
//! Mend: write `#[event("typing")]`.

use consumer_runtime::prelude::*;

#[Event("typing")]
struct Typing;

fn main() {}
