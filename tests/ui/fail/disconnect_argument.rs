//! `#[disconnect]` takes a `Disconnect`.
//!
//! Mend: take `disconnect: Disconnect`; its `code()` is the number.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect(&mut self, code: u16) {}
}

fn main() {}
