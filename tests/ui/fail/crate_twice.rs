//! `crate` is given once.
//!
//! Mend: remove one of the two.

#![allow(unused_imports)]

use consumer_runtime::prelude::*;

mod my {
    pub use consumer_runtime as runtime;
}

#[consumer("/ws", crate = consumer_runtime, crate = my::runtime)]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
