//! Handlers of a worker share it.
//!
//! Mend: take `&self`, and keep what changes in a `Mutex` or an atomic.

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
    async fn generate(&mut self, job: &Generate) {}
}

fn main() {}
