//! `routes!` mounts one consumer at least.
//!
//! Mend: list the consumers, or take an empty `Router::new()`.

use consumer_runtime::prelude::*;

fn main() {
    let _app: axum::Router = routes![];
}
