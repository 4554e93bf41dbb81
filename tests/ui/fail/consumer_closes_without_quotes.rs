//! What a close code means is a text.
//!
//! Mend: put it in quotes, like `4001 = "banned"`.

use consumer_runtime::prelude::*;

#[consumer("/ws/chat/", closes(4001 = banned))]
struct Chat {}

#[consumer]
impl Chat {}

fn main() {}
