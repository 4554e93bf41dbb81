//! A consumer chooses its channel layer by an alias in quotes.
//!
//! Mend: put the alias in quotes.

use consumer_runtime::prelude::*;

#[consumer("/ws", layer = ALERTS)]
struct Chat;

fn main() {}
