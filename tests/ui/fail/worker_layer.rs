//! A worker lives on the channels that run it.
//!
//! Mend: remove `layer`, and run the worker on the channels of that alias.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(channel = "thumbnails-generate", layer = "alerts")]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate) {}
}

fn main() {}
