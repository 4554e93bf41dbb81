//! The fields of a consumer have names.
//!
//! Mend: write a struct with named fields.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat(String);

#[consumer]
impl Chat {}

fn main() {}
