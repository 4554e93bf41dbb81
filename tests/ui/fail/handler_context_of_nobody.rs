//! The context says whose it is.
//!
//! Mend: write `&mut Context<Self>`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String, context: &mut Context) {}
}

fn main() {}
