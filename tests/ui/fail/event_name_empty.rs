//! The name of an event is not empty.

use consumer_runtime::prelude::*;

#[event("")]
struct ChatMessage;

fn main() {}
