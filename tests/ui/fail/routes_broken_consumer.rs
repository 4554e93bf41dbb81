//! A consumer with a mistake of its own is mounted all the same.
//!
//! Mend: mend the consumer.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}")]
struct Chat {}

#[consumer]
impl Chat {}

#[consumer("/ws/feed/")]
struct Feed {}

#[consumer]
impl Feed {}

fn main() {
    let _app: axum::Router = routes![Chat, Feed];
}
