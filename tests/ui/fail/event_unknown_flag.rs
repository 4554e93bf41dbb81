//! An event's only option is its answer, with or without a value.
//!
//! Mend: remove it.

use consumer_runtime::prelude::*;

#[event("chat.message", shared)]
struct ChatMessage;

fn main() {}
