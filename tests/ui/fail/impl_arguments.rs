//! The path belongs on the struct, not on the impl.
//!
//! Mend: write `#[consumer]` alone above the impl.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer("/ws")]
impl Chat {}

fn main() {}
