//! Unknown options are told with the known ones.

use consumer_runtime::prelude::*;

#[consumer("/ws", groups = "chat")]
struct Chat;

fn main() {}
