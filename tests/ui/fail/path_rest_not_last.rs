//! Nothing follows the rest of a path.
//!
//! Mend: move `{*rest}` to the end, or capture one segment with `{rest}`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{*rest}/end")]
struct Chat {
    rest: String,
}

fn main() {}
