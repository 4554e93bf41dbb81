//! A path belongs to one consumer.
//!
//! Mend: give one of them another path.
//!
//! Errors: 2, one for each consumer that comes too late.

use consumer_runtime::prelude::*;

#[consumer("/ws/")]
struct Chat {}

#[consumer]
impl Chat {}

#[consumer("/ws/")]
struct Feed {}

#[consumer]
impl Feed {}

type Same = Chat;

fn main() {
    let _app: axum::Router = routes![Chat, Feed, Same];
}
