//! What a consumer sends can be serialised.
//!
//! Mend: add `#[derive(serde::Serialize)]` to the type.

use consumer_runtime::prelude::*;

struct Welcome;

#[consumer("/ws", sends(Welcome))]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
