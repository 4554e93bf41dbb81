//! The rest of a path is written `{*rest}`, not `*rest`.
//!
//! Mend: write `{*rest}`.

use consumer_runtime::prelude::*;

#[consumer("/ws/*rest")]
struct Chat {
    rest: String,
}

fn main() {}
