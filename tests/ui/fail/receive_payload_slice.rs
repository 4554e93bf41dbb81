//! A JSON frame is read into a list that owns its items.
//!
//! Mend: take a `Vec<u8>`, or a binary frame by `#[receive(bytes)]`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, bytes: &[u8]) {}
}

fn main() {}
