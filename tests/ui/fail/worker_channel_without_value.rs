//! A channel has a name.
//!
//! Mend: write `channel = ".."`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(channel)]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate) {}
}

fn main() {}
