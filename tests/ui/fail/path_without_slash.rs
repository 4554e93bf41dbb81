//! A path starts with `/`.
//!
//! Mend: begin it with `/`.

use consumer_runtime::prelude::*;

#[consumer("ws/{room}")]
struct Chat {
    room: String,
}

fn main() {}
