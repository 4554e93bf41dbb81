//! No two consumers have one path.
//!
//! Mend: give one of them another path, or mount it elsewhere with `C::route()`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}/")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {}

#[consumer("/ws/{name}/")]
struct Feed {
    name: String,
}

#[consumer]
impl Feed {}

fn main() {
    let _app: axum::Router = routes![Chat, Feed];
}
