//! A subprotocol is a token of HTTP.

use consumer_runtime::prelude::*;

#[consumer("/ws", subprotocols("v1 chat"))]
struct Chat;

fn main() {}
