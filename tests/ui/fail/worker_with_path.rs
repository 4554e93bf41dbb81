//! A consumer has a path or a channel.
//!
//! Mend: remove one of the two.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer("/ws/thumbnails/", channel = "thumbnails-generate")]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate) {}
}

fn main() {}
