//! `#[connect]` with `&mut self` returns nothing.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self) -> Result<Self, Refusal> {
        Ok(Self)
    }
}

fn main() {}
