//! `blocking` belongs above the impl block.
//!
//! Mend: move it: `#[consumer(blocking)] impl Chat`.

use consumer_runtime::prelude::*;

#[consumer("/ws", blocking)]
struct Chat;

fn main() {}
