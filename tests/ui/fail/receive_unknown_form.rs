//! `#[receive]` has four forms.
//!
//! Mend: write `#[receive]`, which reads JSON, or another of the four.

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
