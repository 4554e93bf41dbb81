//! A consumer has the options that are listed, and no others.
//!
//! Mend: use one of the options that the error lists; here it is `group`.

use consumer_runtime::prelude::*;

#[consumer("/ws", rooms = "chat")]
struct Chat;

fn main() {}
