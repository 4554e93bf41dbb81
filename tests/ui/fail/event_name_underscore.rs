//! The name of an event does not begin with `_`.

use consumer_runtime::prelude::*;

#[event("_message")]
struct ChatMessage;

fn main() {}
