//! What a consumer sends is listed by its types.
//!
//! Mend: write the names of structs: `sends(Welcome)`.

use consumer_runtime::prelude::*;

#[consumer("/ws", sends("welcome"))]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
