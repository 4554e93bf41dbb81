//! A consumer's fields own what they hold.
//!
//! Mend: write `String`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{name}", group = "chat_{name}")]
struct Chat {
    name: &str,
}

#[consumer]
impl Chat {}

fn main() {}
