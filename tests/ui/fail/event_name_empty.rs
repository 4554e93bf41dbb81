//! The name of an event is not empty.
//!
//! Mend: give it a name.

use consumer_runtime::prelude::*;

#[event("")]
struct ChatMessage;

fn main() {}
