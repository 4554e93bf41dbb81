//! A channel's name has at most 99 bytes.
//!
//! Mend: shorten it.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(channel = "thumbnails-thumbnails-thumbnails-thumbnails-thumbnails-thumbnails-thumbnails-thumbnails-thumbnails-thumbnails-")]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate) {}
}

fn main() {}
