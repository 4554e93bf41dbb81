//! A consumer has one path.
//!
//! Mend: keep one path in the attribute and mount the others with `C::route()`.

use consumer_runtime::prelude::*;

#[consumer("/ws", "/socket")]
struct Chat;

fn main() {}
