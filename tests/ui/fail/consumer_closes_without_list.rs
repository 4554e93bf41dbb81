//! `closes` is a list.
//!
//! Mend: list the codes in parentheses, like `closes(4001 = "banned")`.

use consumer_runtime::prelude::*;

#[consumer("/ws/chat/", closes)]
struct Chat {}

#[consumer]
impl Chat {}

fn main() {}
