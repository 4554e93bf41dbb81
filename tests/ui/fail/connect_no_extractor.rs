//! An argument of `#[connect]` is an extractor.
//!
//! Mend: take a type that implements `FromRequestParts`, such as `HeaderMap`, `Query<..>` or `State<..>`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, number: u8) {}
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
