//! The fields of an event can be serialised: serde's own errors.

use consumer_runtime::prelude::*;

struct Plain;

#[event("chat.message")]
struct ChatMessage {
    plain: Plain,
}

fn main() {}
