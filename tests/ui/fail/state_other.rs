//! A router's state is the one that its consumers take, or has it as a part.
//!
//! Mend: give the router a `Db`, or implement `FromRef<Settings>` for it.

#![allow(unused_variables)]

use axum::{Router, extract::State};
use consumer_runtime::prelude::*;

#[derive(Clone)]
struct Db;

#[derive(Clone)]
struct Settings;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, State(db): State<Db>) {}
}

fn main() {
    let _: Router = Router::new().consumer::<Chat>().with_state(Settings);
}
