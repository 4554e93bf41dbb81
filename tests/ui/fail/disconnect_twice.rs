//! There is one `#[disconnect]`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect(&mut self) {}

    #[disconnect]
    async fn again(&mut self) {}
}

fn main() {}
