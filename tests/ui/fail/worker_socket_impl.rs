//! The impl of a struct with a channel is a worker's.
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
    async fn generate(&self, job: &Generate) {}
}

fn main() {}
