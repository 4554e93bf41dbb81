//! Every capture in a path is a field.
//!
//! Mend: add the field, or take the parameter out of the path.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}/{seat}")]
struct Chat {
    room: String,
}

fn main() {}
