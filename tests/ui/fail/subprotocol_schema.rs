//! A subprotocol does not begin with `schema.`, as a client's contract does.
//!
//! Mend: begin it with another word, as in `"v2.chat"`.

use consumer_runtime::prelude::*;

#[consumer("/ws", subprotocols("v1.chat", "schema.v2"))]
struct Chat;

fn main() {}
