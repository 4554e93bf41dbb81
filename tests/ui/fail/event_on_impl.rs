//! `#[event]` marks payloads and handlers.

use consumer_runtime::prelude::*;

struct Chat;

#[event("chat.message")]
impl Chat {}

fn main() {}
