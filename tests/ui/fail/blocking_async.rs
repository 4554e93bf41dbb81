//! The handlers of a blocking impl are plain functions.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer(blocking)]
impl Chat {
    #[receive]
    async fn receive(&mut self, frame: String) {}
}

fn main() {}
