//! A consumer has one `#[receive(bytes)]`.
//!
//! Mend: join the two into one.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(bytes)]
    async fn bytes(&mut self, bytes: Vec<u8>) {}

    #[receive(bytes)]
    async fn again(&mut self, bytes: &[u8]) {}
}

fn main() {}
