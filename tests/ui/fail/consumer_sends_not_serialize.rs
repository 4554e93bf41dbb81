//! What a consumer sends can be serialised.

use consumer_runtime::prelude::*;

struct Welcome;

#[consumer("/ws", sends(Welcome))]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
