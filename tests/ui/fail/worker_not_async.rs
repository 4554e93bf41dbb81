//! A worker's handler is `async`.
//!
//! Mend: write `async fn`; work that blocks goes to `tokio::task::spawn_blocking`.

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
    fn generate(&self, job: &Generate) {}
}

fn main() {}
