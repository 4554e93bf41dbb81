//! A consumer has one `#[connect]`.
//!
//! Mend: join the two into one.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self) {}

    #[connect]
    async fn again(&mut self) {}
}

fn main() {}
