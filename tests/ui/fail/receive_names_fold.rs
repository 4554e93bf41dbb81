//! Frames whose names Django Channels reads as one are one: `.` is `_`.
//!
//! Mend: rename one of the two frames.

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
