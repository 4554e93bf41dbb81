//! `#[receive]` has four forms.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(json)]
    async fn receive(&mut self, frame: String) {}
}

fn main() {}
