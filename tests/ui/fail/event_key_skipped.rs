//! The key of an event travels with it.
//!
//! Mend: remove `#[serde(skip)]`, or name another field.

use consumer_runtime::prelude::*;

#[event("price.moved", key = symbol)]
struct PriceMoved {
    #[serde(skip)]
    symbol: String,
    price: u64,
}

fn main() {}
