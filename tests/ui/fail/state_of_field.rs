//! A router has the state that the `#[extract]` fields of its consumers take.
//!
//! Mend: add `.with_state(Db)` after the consumer.

use axum::{Router, extract::State};
use consumer_runtime::prelude::*;

#[derive(Clone)]
struct Db;

#[consumer("/ws")]
struct Chat {
    #[extract]
    db: State<Db>,
}

#[consumer]
impl Chat {}

fn main() {
    let _: Router = Router::new().consumer::<Chat>();
}
