//! A consumer is a struct.
//!
//! Mend: write a struct, with the enum in one of its fields.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
enum Chat {
    Open,
}

#[consumer]
impl Chat {}

fn main() {}
