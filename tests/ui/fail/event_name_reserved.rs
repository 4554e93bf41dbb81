//! The names of the runtime's own frames are taken.

use consumer_runtime::prelude::*;

#[event("reply")]
struct Reply;

fn main() {}
