//! A handler has one context.
//!
//! Mend: remove one of the two.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, one: &mut Context<Self>, two: &mut Context<Self>) {}
}

fn main() {}
