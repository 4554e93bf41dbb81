//! A close code of the application's own is none of the runtime's.
//!
//! Mend: leave it out, or choose another one.

use consumer_runtime::prelude::*;

#[consumer("/ws/chat/", closes(4409 = "old"))]
struct Chat {}

#[consumer]
impl Chat {}

fn main() {}
