//! The key of an event can be hashed.
//!
//! Mend: name a field whose type has `Hash`, or derive it for this one.

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Symbol(String);

#[event("price.moved", key = symbol)]
struct PriceMoved {
    symbol: Symbol,
    price: u64,
}

fn main() {}
