//! What `#[connect]` takes is made from the request's head, since a WebSocket's request has no body.
//!
//! Mend: take `Query<..>`, or let the client send it as its first frame.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[derive(serde::Deserialize)]
struct Login {
    name: String,
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, login: axum::Json<Login>) {}
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
