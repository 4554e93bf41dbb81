//! A server runs while it is awaited.
//!
//! Mend: add `.await`.

#![deny(unused_must_use)]
#![allow(unused_imports)]

use consumer_runtime::prelude::*;

#[tokio::main]
async fn main() {
    consumer_runtime::serve("127.0.0.1:8000", axum::Router::new());
}
