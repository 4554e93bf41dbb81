//! All mistakes of one attribute are told in one run.
//!
//! Mend: correct each where it is underlined.
//!
//! Errors: 3, one for each of the three mistakes.

use consumer_runtime::prelude::*;

#[consumer("/ws/{seat}", subprotocols("v1 chat"), group = "chat_{room}")]
struct Chat {
    name: String,
}

#[consumer]
impl Chat {}

fn main() {}
