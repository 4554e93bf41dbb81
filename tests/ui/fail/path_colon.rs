//! A capture is written `{room}`, not `:room`.
//!
//! Mend: write `{room}`.

use consumer_runtime::prelude::*;

#[consumer("/ws/:room")]
struct Chat {
    room: String,
}

fn main() {}
