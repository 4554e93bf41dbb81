//! A worker has no route.
//!
//! Mend: run it with `consumer_runtime::worker(channels).consumer(..)`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(channel = "thumbnails-generate")]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate) {}
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Thumbnails>();
}
