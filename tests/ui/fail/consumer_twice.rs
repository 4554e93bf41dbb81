//! A struct has one `#[consumer(..)]`.
//!
//! Mend: remove one of the two; `C::route()` mounts a consumer on other paths.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
#[consumer("/elsewhere")]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
