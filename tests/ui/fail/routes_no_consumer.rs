//! What `routes!` mounts is a consumer.
//!
//! Mend: put `#[consumer("/ws/path/")]` above the struct and `#[consumer]` above its `impl`.

use consumer_runtime::prelude::*;

#[consumer("/ws/")]
struct Chat {}

#[consumer]
impl Chat {}

struct Plain;

fn main() {
    let _app: axum::Router = routes![Chat, Plain];
}
