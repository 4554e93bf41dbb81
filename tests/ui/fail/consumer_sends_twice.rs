//! What a consumer sends is listed once.
//!
//! Mend: remove one of the two.

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
struct Welcome;

#[consumer("/ws", sends(Welcome, Welcome))]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
