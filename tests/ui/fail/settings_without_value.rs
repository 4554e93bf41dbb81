//! A setting has a value.

use consumer_runtime::prelude::*;

#[consumer("/ws", settings(max_message))]
struct Chat;

fn main() {}
