//! `#[connect]` takes nothing.
//!
//! Mend: write `#[connect]` alone; what the handler needs from the request are its arguments.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect(first)]
    async fn connect(&mut self) {}
}

fn main() {}
