//! An event's options are its answer and its key, with or without a value.
//!
//! Mend: remove it.

use consumer_runtime::prelude::*;

#[event("chat.message", shared)]
struct ChatMessage;

fn main() {}
