//! A router that waits for its state can't be served.
//!
//! Mend: add `.with_state(Db)` before it is served.

#![allow(unused_imports)]

use axum::Router;
use consumer_runtime::prelude::*;

#[derive(Clone)]
struct Db;

async fn run(app: Router<Db>) -> std::io::Result<()> {
    consumer_runtime::serve("127.0.0.1:8000", app).await
}

fn main() {}
