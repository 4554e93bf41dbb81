//! A worker is sent what it handles.
//!
//! Mend: add the handler, or send another event.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.forget")]
struct Forget {}

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
}

async fn forget(channels: Channels) -> Result {
    Thumbnails::send(&channels, Forget {}).await
}

fn main() {}
