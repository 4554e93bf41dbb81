//! The alias of a channel layer is not empty.
//!
//! Mend: name the alias, or leave `layer` out.

use consumer_runtime::prelude::*;

#[consumer("/ws", layer = "")]
struct Chat;

fn main() {}
