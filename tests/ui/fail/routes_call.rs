//! `routes!` mounts the consumers itself.
//!
//! Mend: leave the call out, and name the type.

use consumer_runtime::prelude::*;

#[consumer("/ws/")]
struct Chat {}

#[consumer]
impl Chat {}

fn main() {
    let _app: axum::Router = routes![Chat::route()];
}
