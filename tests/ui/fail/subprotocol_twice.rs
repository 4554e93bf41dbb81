//! A subprotocol is listed once.
//!
//! Mend: remove one of the two.

use consumer_runtime::prelude::*;

#[consumer("/ws", subprotocols("v1.chat", "v1.chat"))]
struct Chat;

fn main() {}
