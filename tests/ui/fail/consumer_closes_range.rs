//! A close code of the application's own is 3000 to 4999.
//!
//! Mend: choose one of those; clients know what the others mean.

use consumer_runtime::prelude::*;

#[consumer("/ws/chat/", closes(1000))]
struct Chat {}

#[consumer]
impl Chat {}

fn main() {}
