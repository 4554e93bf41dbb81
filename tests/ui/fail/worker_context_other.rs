//! The context of a worker is a `WorkerContext`.
//!
//! Mend: write `&mut WorkerContext<Self>`.

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
    async fn generate(&self, job: &Generate, context: &mut Context<Self>) {}
}

fn main() {}
