//! A worker has no request to extract from.
//!
//! Mend: keep what the handler needs in a field.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

use axum::extract::State;

#[derive(Clone)]
struct Db;

#[event("thumbnails.generate")]
struct Generate {
    picture: String,
}

#[consumer(channel = "thumbnails-generate")]
struct Thumbnails {}

#[consumer(worker)]
impl Thumbnails {
    #[event("thumbnails.generate")]
    async fn generate(&self, job: &Generate, State(db): State<Db>) {}
}

fn main() {}
