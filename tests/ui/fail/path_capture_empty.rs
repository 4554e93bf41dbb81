//! A capture in a path names a field.
//!
//! Mend: name the field: `"/ws/{room}"`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{}")]
struct Chat;

fn main() {}
