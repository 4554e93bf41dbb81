//! A consumer is a struct and its impl block.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
fn chat() {}

fn main() {}
