//! A worker receives no frames of clients.
//!
//! Mend: write an event's handler.

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

    #[receive]
    async fn receive(&self, job: Generate) {}
}

fn main() {}
