//! The message that closes connections is no event of an application.
//!
//! Mend: choose another name.

use consumer_runtime::prelude::*;

#[event("connection.close")]
struct ConnectionClose;

fn main() {}
