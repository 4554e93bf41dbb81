//! The impl of a worker is one, whatever its context.
//!
//! Mend: write `#[consumer(worker)]` above the impl.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(channel = "thumbnails-generate")]
struct Thumbnails {}

#[consumer]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate, context: &mut WorkerContext<Self>) {}
}

fn main() {}
