//! A setting is a field of `Settings`.

use consumer_runtime::prelude::*;

#[consumer("/ws", settings(max_mesage = 1 << 20))]
struct Chat;

fn main() {}
