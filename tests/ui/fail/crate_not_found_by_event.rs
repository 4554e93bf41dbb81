//! The path in an event's `crate` leads to the runtime.
//!
//! Mend: write the path as a `use` would find it from here, or depend on the crate that it names.
//!
//! Errors: 2, since serde's derives are looked for there too, and `#[serde(..)]` is theirs.

use consumer_runtime::prelude::*;

#[event("chat.message", crate = my::runtime)]
struct ChatMessage {
    message: String,
}

fn main() {}
