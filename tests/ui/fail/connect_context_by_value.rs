//! `#[connect]` does not own the context.
//!
//! Mend: write `&mut Context<Self>`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, context: Context<Self>) {}
}

fn main() {}
