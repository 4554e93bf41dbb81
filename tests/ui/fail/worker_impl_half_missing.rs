//! A worker has handlers.
//!
//! Mend: write `#[consumer(worker)]` above the impl.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer(channel = "thumbnails-generate")]
struct Thumbnails {}

fn main() {
    let _ = consumer_runtime::worker(Channels::memory()).consumer(Thumbnails {});
}
