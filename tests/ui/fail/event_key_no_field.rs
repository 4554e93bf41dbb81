//! The key of an event is one of its fields.
//!
//! Mend: write the field's name, as in `key = symbol`.

use consumer_runtime::prelude::*;

#[event("price.moved", key = symbl)]
struct PriceMoved {
    symbol: String,
    price: u64,
}

fn main() {}
