//! Frames whose names fold alike are one.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive("chat.history")]
    async fn history(&mut self, frame: String) {}

    #[receive("chat_history")]
    async fn again(&mut self, frame: Vec<u8>) {}
}

fn main() {}
