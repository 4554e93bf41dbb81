//! `#[receive(text)]` takes every text frame, and leaves none for others.
//!
//! Mend: remove one of the two; parse the text yourself, or let `#[receive]` parse it.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(text)]
    async fn text(&mut self, text: String) {}

    #[receive("chat.history")]
    async fn history(&mut self, frame: String) {}
}

fn main() {}
