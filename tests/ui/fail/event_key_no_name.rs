//! The key of an event is a field's name, and no text or expression.
//!
//! Mend: write `key = symbol`.

use consumer_runtime::prelude::*;

#[event("price.moved", key = "symbol")]
struct PriceMoved {
    symbol: String,
    price: u64,
}

fn main() {}
