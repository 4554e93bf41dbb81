//! A JSON frame is read into a type with a size.
//!
//! Mend: take a `String`, or the whole frame by `#[receive(text)]`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: &str) {}
}

fn main() {}
