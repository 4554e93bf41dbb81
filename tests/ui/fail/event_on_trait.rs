//! `#[event]` marks payloads and handlers.

use consumer_runtime::prelude::*;

#[event("chat.message")]
trait Message {}

fn main() {}
