//! A field in the name of a consumer's own group can be written as text.
//!
//! Mend: name a field whose type implements `Display`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", group = "chat_{numbers}")]
struct Chat {
    room: String,
    numbers: Vec<u8>,
}

#[consumer]
impl Chat {}

fn main() {}
