//! Extractors belong to `#[connect]`.
//!
//! Mend: keep what a handler needs in a field that `#[connect]` or `#[extract]` fills.

#![allow(unused_variables)]

use axum::extract::State;
use consumer_runtime::prelude::*;

#[derive(Clone)]
struct Db;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, State(db): State<Db>, text: String) {}
}

fn main() {}
