//! A payload is not the consumer.
//!
//! Mend: write a struct of its own for the payload.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, other: Vec<Self>) {}
}

fn main() {}
