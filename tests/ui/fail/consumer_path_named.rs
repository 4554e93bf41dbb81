//! The path of a consumer stands first, without a name.
//!
//! Mend: write `#[consumer("/ws")]`.

use consumer_runtime::prelude::*;

#[consumer(path = "/ws")]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
