//! `#[connect]` with `&mut self` returns nothing.
//!
//! Mend: return nothing, `Result` or `Result<(), Refusal>`; or remove `self` to build the consumer.

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
