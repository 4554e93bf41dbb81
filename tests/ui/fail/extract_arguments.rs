//! `#[extract]` takes nothing.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat {
    #[extract(State)]
    method: axum::http::Method,
}

fn main() {}
