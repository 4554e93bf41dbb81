//! Nothing follows the rest of a path.

use consumer_runtime::prelude::*;

#[consumer("/ws/{*rest}/end")]
struct Chat {
    rest: String,
}

fn main() {}
