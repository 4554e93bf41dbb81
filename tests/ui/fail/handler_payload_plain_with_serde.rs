//! serde's traits alone make no event of a payload.
//!
//! Mend: put `#[event("chat.message")]` above the payload's struct, and above its derives.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Plain;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: Plain) {}
}

fn main() {}
