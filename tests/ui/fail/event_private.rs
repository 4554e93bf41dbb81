//! A handler sees its event.
//!
//! Mend: write `pub struct Typing`.

#![allow(dead_code)]

mod events {
    #[consumer_runtime::event("typing")]
    struct Typing;
}

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("typing")]
    async fn typing(&mut self, _: &events::Typing) {}
}

fn main() {}
