//! A handler has one context.

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
