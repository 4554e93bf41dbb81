//! `crate` is a path, not a text.
//!
//! Mend: leave out the quotes: `crate = my::runtime`.

#![allow(unused_imports)]

use consumer_runtime::prelude::*;

mod my {
    pub use consumer_runtime as runtime;
}

#[event("typing", crate = "my::runtime")]
struct Typing;

fn main() {}
