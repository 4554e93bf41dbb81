//! The struct of a consumer has a path.

use consumer_runtime::prelude::*;

#[consumer]
struct Chat;

#[consumer]
impl Chat {}

fn main() {}
