//! The path belongs on the struct.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer("/ws")]
impl Chat {}

fn main() {}
