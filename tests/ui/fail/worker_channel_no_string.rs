//! A channel's name is a string.
//!
//! Mend: put it in quotes.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(channel = Thumbnails)]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate) {}
}

fn main() {}
