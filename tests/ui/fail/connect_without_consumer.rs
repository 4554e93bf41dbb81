//! `#[connect]` without `self` builds the consumer, and so returns it.
//!
//! Mend: take `&mut self`, or return `Result<Self, Refusal>`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(context: &mut Context<Self>) -> Result {
        Ok(())
    }
}

fn main() {}
