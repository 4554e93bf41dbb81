//! A subprotocol is listed once.

use consumer_runtime::prelude::*;

#[consumer("/ws", subprotocols("v1.chat", "v1.chat"))]
struct Chat;

fn main() {}
