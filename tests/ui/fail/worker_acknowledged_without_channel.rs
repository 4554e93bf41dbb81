//! Messages of a channel alone are acknowledged.
//!
//! Mend: name the channel, or remove `acknowledged`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer("/ws/thumbnails/", acknowledged)]
struct Thumbnails {}

#[consumer]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&mut self, job: &Generate) {}
}

fn main() {}
