//! An event with an answer has no key, since it has no shared handler.
//!
//! Mend: remove the key, and send with `context.send_latest(key, &value)` in the handler.

use consumer_runtime::prelude::*;

#[event("price.ask", answer = u64, key = symbol)]
struct PriceAsk {
    symbol: String,
}

fn main() {}
