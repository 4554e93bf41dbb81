//! A consumer has a `#[consumer] impl`, whatever it declares to send.
//!
//! Mend: put `#[consumer]` above the impl.

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
struct Welcome;

#[consumer("/ws", sends(Welcome))]
struct Chat;

impl Chat {}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
