//! The old form of a capture of the rest.

use consumer_runtime::prelude::*;

#[consumer("/ws/*rest")]
struct Chat {
    rest: String,
}

fn main() {}
