//! A setting is a field of `Settings`.
//!
//! Mend: correct the name; rustc suggests the nearest one.

use consumer_runtime::prelude::*;

#[consumer("/ws", settings(max_mesage = 1 << 20))]
struct Chat;

fn main() {}
