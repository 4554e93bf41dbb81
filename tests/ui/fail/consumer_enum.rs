//! A consumer is a struct.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
enum Chat {
    Open,
}

#[consumer]
impl Chat {}

fn main() {}
