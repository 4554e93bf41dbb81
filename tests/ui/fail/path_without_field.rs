//! Every capture is a field.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}/{seat}")]
struct Chat {
    room: String,
}

fn main() {}
