//! The struct of a consumer has a path.
//!
//! Mend: write the path: `#[consumer("/ws")]`.

use consumer_runtime::prelude::*;

#[consumer]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
