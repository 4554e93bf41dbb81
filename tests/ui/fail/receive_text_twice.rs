//! A consumer has one `#[receive(text)]`.
//!
//! Mend: join the two into one.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(text)]
    async fn text(&mut self, text: String) {}

    #[receive(text)]
    async fn again(&mut self, text: &str) {}
}

fn main() {}
