//! `#[receive]` takes its payload.
//!
//! Mend: take the payload after `self`, as in `say: Say`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, context: &mut Context<Self>) {}
}

fn main() {}
