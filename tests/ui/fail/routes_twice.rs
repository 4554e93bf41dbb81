//! A consumer is mounted once.
//!
//! Mend: name it once.

use consumer_runtime::prelude::*;

#[consumer("/ws/")]
struct Chat {}

#[consumer]
impl Chat {}

fn main() {
    let _app: axum::Router = routes![Chat, Chat];
}
