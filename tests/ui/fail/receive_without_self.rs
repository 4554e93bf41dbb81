//! A frame comes from one connection, and so its handler takes `self`.
//!
//! Mend: take `&mut self` or `&self` first.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(frame: String) {}
}

fn main() {}
