//! The payload of a frame can be read.

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
