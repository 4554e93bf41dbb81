//! `#[connect]` borrows the consumer.
//!
//! Mend: take `&mut self`, or no `self` and return `Result<Self, Refusal>`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(self) -> Result<Self, Refusal> {
        Ok(self)
    }
}

fn main() {}
