//! A worker owns its data.
//!
//! Mend: own it, or share it by an `Arc`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(channel = "thumbnails-generate")]
struct Thumbnails<'a> {
    path: &'a str,
}

fn main() {}
