//! A capture names a field.

use consumer_runtime::prelude::*;

#[consumer("/ws/{}")]
struct Chat;

fn main() {}
