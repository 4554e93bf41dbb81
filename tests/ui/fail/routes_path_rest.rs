//! A capture cannot stand where another path takes the rest.
//!
//! Mend: give one of them a literal of its own, like `/files/{*rest}`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{*rest}")]
struct Files {
    rest: String,
}

#[consumer]
impl Files {}

#[consumer("/ws/{room}/")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {}

fn main() {
    let _app: axum::Router = routes![Files, Chat];
}
