//! A setting has a value.
//!
//! Mend: write the value: `settings(max_message = 1 << 20)`.

use consumer_runtime::prelude::*;

#[consumer("/ws", settings(max_message))]
struct Chat;

fn main() {}
