//! The words of an event's name are not empty.
//!
//! Mend: remove the second dot, or put a word between the two.

use consumer_runtime::prelude::*;

#[event("chat..message")]
struct ChatMessage;

fn main() {}
