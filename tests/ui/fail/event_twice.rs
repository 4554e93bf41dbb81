//! An event has one `#[event(..)]`.
//!
//! Mend: remove one of the two; two names are two events.

use consumer_runtime::prelude::*;

#[event("typing")]
#[event("chat.typing")]
struct Typing {
    name: String,
}

fn main() {}
