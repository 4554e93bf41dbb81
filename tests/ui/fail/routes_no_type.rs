//! `routes!` takes types.
//!
//! Mend: name the consumer by its type.

use consumer_runtime::prelude::*;

#[consumer("/ws/")]
struct Chat {}

#[consumer]
impl Chat {}

fn main() {
    let _app: axum::Router = routes!["/ws/", Chat];
}
