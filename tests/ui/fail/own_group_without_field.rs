//! A placeholder in the name of a consumer's own group is one of its fields.
//!
//! Mend: name a field of the consumer: `"chat_{room}"`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", group = "chat_{name}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {}

fn main() {}
