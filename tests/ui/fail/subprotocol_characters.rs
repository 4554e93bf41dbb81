//! A subprotocol has no characters that its header can't carry.
//!
//! Mend: replace the blank, as in `"v1.chat"`.

use consumer_runtime::prelude::*;

#[consumer("/ws", subprotocols("v1 chat"))]
struct Chat;

fn main() {}
