//! `#[connect]` borrows the consumer.

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
