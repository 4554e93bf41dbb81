//! Nobody disconnects from a worker.
//!
//! Mend: clean up after `run`.

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

    #[disconnect]
    async fn disconnect(&mut self) {}
}

fn main() {}
