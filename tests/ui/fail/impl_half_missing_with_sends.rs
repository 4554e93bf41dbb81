//! A consumer has an impl block, whatever it declares to send.

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
struct Welcome;

#[consumer("/ws", sends(Welcome))]
struct Chat;

impl Chat {}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
