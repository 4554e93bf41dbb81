//! A router that is served has got its state.
//!
//! Mend: add `.with_state(Db)` after the consumer.

#![allow(unused_variables)]

use axum::{Router, extract::State};
use consumer_runtime::prelude::*;

#[derive(Clone)]
struct Db;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, State(db): State<Db>) {}
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().consumer::<Chat>();
    consumer_runtime::serve("127.0.0.1:8000", app).await
}
