//! A field is filled by the path or by `#[extract]`, not by both.
//!
//! Mend: remove the `#[extract]`, or take the field out of the path.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}")]
struct Chat {
    #[extract]
    room: String,
}

fn main() {}
