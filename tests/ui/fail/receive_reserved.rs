//! The frames of the runtime's own are taken.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive("error")]
    async fn error(&mut self, frame: String) {}
}

fn main() {}
