//! The channel stands above the struct, and `worker` above the impl.
//!
//! Mend: write `channel = ".."`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(worker)]
struct Thumbnails {}

fn main() {}
