//! A consumer that chooses its channel layer says which one.
//!
//! Mend: name the alias.

use consumer_runtime::prelude::*;

#[consumer("/ws", layer)]
struct Chat;

fn main() {}
