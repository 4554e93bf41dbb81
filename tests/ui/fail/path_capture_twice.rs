//! A capture is in a path once.
//!
//! Mend: rename or remove one of the two.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}/{room}")]
struct Chat {
    room: String,
}

fn main() {}
