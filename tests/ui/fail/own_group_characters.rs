//! The name of a consumer's own group has no characters that Django Channels refuses.
//!
//! Mend: use ASCII letters, digits, `-`, `_` and `.` between the placeholders.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}", group = "chat {room}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {}

fn main() {}
