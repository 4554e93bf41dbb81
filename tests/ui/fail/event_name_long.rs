//! The name of an event has at most 99 bytes.
//!
//! Mend: shorten it.

use consumer_runtime::prelude::*;

#[event("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
struct ChatMessage;

fn main() {}
