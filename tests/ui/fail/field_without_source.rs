//! A field has a source when the consumer is mounted.

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
