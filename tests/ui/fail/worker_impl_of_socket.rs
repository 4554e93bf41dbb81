//! A worker's impl is for a struct with a channel.
//!
//! Mend: write `#[consumer]` above the impl, or `channel = ".."` above the struct.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer("/ws/thumbnails/")]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate) {}
}

fn main() {}
