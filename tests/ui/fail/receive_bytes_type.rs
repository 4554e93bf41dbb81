//! `#[receive(bytes)]` takes bytes.
//!
//! Mend: take `Bytes`, `Vec<u8>` or `&[u8]`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(bytes)]
    async fn bytes(&mut self, bytes: String) {}
}

fn main() {}
