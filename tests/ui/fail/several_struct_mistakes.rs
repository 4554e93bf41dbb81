//! Several mistakes of one attribute are all told: three.

use consumer_runtime::prelude::*;

#[consumer("/ws/{seat}", subprotocols("v1 chat"), group = "chat_{room}")]
struct Chat {
    name: String,
}

#[consumer]
impl Chat {}

fn main() {}
