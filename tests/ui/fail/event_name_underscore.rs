//! The name of an event does not begin with `_`.
//!
//! Mend: remove the `_`.

use consumer_runtime::prelude::*;

#[event("_message")]
struct ChatMessage;

fn main() {}
