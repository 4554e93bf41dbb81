//! The braces of a path are closed.
//!
//! Mend: close the brace: `"/ws/{room}"`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room")]
struct Chat {
    room: String,
}

fn main() {}
