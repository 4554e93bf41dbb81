//! The fields of a consumer have names.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat(String);

#[consumer]
impl Chat {}

fn main() {}
