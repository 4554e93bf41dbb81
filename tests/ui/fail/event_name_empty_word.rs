//! The words of an event's name are not empty.

use consumer_runtime::prelude::*;

#[event("chat..message")]
struct ChatMessage;

fn main() {}
