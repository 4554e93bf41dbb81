//! The struct of a consumer has a path.

use consumer_runtime::prelude::*;

#[consumer(keep_scope)]
struct Chat;

fn main() {}
