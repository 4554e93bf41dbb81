//! The fields of an event can be serialised and read back.
//!
//! Mend: add `#[derive(serde::Serialize, serde::Deserialize)]` to the field's type.
//!
//! Errors: 4, all of them serde's own: it asks for each half wherever the derived code uses it.

use consumer_runtime::prelude::*;

struct Plain;

#[event("chat.message")]
struct ChatMessage {
    plain: Plain,
}

fn main() {}
