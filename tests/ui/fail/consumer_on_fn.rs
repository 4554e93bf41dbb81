//! A consumer is a struct and its impl block, not a function.
//!
//! Mend: write a struct with `#[consumer("/ws")]` and make the function a method of its `#[consumer] impl`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
fn chat() {}

fn main() {}
