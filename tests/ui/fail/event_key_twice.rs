//! An event has one key.
//!
//! Mend: keep one of them; a field that holds both parts can be the key.

use consumer_runtime::prelude::*;

#[event("price.moved", key = market, key = symbol)]
struct PriceMoved {
    market: String,
    symbol: String,
}

fn main() {}
