//! A close code is listed once.
//!
//! Mend: remove one of the two.

use consumer_runtime::prelude::*;

#[consumer("/ws/chat/", closes(4001 = "banned", 4001))]
struct Chat {}

#[consumer]
impl Chat {}

fn main() {}
