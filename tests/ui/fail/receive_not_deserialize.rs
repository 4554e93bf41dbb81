//! The payload of a frame can be deserialised.
//!
//! Mend: add `#[derive(serde::Deserialize)]` to the payload.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

struct Plain;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, frame: Plain) {}
}

fn main() {}
