//! `#[disconnect]` ends one connection, and so takes `self`.
//!
//! Mend: take `&mut self` or `&self` first.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect() {}
}

fn main() {}
