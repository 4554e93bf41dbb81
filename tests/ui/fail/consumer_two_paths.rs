//! A consumer has one path.

use consumer_runtime::prelude::*;

#[consumer("/ws", "/socket")]
struct Chat;

fn main() {}
