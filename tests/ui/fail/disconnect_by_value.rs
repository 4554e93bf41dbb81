//! `#[disconnect]` borrows the consumer.
//!
//! Mend: take `&mut self` or `&self`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect(self) {}
}

fn main() {}
