//! `#[event]` marks handlers, not the block that they are in.
//!
//! Mend: write `#[consumer]` above the impl, and `#[event(..)]` above each handler.

use consumer_runtime::prelude::*;

struct Chat;

#[event("chat.message")]
impl Chat {}

fn main() {}
