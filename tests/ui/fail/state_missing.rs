//! A router has the state that its consumers take.
//!
//! Mend: add `.with_state(Db)` after the consumer.

#![allow(unused_variables)]

use axum::{Router, extract::State};
use consumer_runtime::prelude::*;

#[derive(Clone)]
struct Db;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, State(db): State<Db>) {}
}

fn main() {
    let _: Router = Router::new().consumer::<Chat>();
}
