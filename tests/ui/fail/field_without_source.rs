//! Something fills every field when a client connects.
//!
//! Mend: name the field in the path, mark it `#[extract]`, implement `Default`, or build the consumer in `#[connect]`.

use consumer_runtime::prelude::*;

struct Seat(u8);

#[consumer("/ws/{room}")]
struct Chat {
    room: String,
    seat: Seat,
}

#[consumer]
impl Chat {}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
