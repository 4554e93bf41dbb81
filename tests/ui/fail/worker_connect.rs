//! Nobody connects to a worker.
//!
//! Mend: build what it needs before the worker.

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

    #[connect]
    async fn connect(&mut self) {}
}

fn main() {}
