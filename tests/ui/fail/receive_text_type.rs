//! `#[receive(text)]` takes a text.
//!
//! Mend: take `String` or `&str`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(text)]
    async fn text(&mut self, text: Vec<u8>) {}
}

fn main() {}
