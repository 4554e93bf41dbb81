//! A frame has one handler.
//!
//! Mend: join the two handlers, or rename one of the frames.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive("chat.history")]
    async fn history(&mut self, frame: String) {}

    #[receive("chat.history")]
    async fn again(&mut self, frame: Vec<u8>) {}
}

fn main() {}
