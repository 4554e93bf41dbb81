//! The path in `crate` leads to the runtime itself.
//!
//! Mend: write the path to `consumer_runtime`: what it is called in `Cargo.toml`, or where it is re-exported.

use consumer_runtime::prelude::*;

mod my {}

#[consumer("/ws", crate = my)]
struct Chat;

fn main() {}
