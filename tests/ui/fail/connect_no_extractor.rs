//! An argument of `#[connect]` is an extractor, asked when the consumer is mounted.

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
