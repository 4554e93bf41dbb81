//! A consumer has one `#[disconnect]`.
//!
//! Mend: join the two into one.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect(&mut self) {}

    #[disconnect]
    async fn again(&mut self) {}
}

fn main() {}
