//! A consumer has one `#[receive]` without a name.
//!
//! Mend: name the frames: `#[receive("chat.history")]`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, frame: String) {}

    #[receive]
    async fn again(&mut self, frame: Vec<u8>) {}
}

fn main() {}
