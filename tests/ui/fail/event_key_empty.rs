//! After `key =` stands a field.
//!
//! Mend: write `key = symbol`, or `key` alone.

use consumer_runtime::prelude::*;

#[event("price.moved", key = )]
struct PriceMoved {
    symbol: String,
    price: u64,
}

fn main() {}
