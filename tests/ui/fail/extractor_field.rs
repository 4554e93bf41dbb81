//! An `#[extract]` field is an extractor.
//!
//! Mend: take a type that implements `FromRequestParts`, or remove `#[extract]` to fill it by `Default`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat {
    #[extract]
    seen: u64,
}

#[consumer]
impl Chat {}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
