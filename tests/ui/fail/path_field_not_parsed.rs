//! A field in the path can be read from text.
//!
//! Mend: implement `FromStr` for the field's type, with an error that can be displayed.

use consumer_runtime::prelude::*;

struct Seat(u8);

#[consumer("/ws/{seat}")]
struct Chat {
    seat: Seat,
}

#[consumer]
impl Chat {}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
