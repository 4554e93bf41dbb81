//! A unit event gets its serde impls from `#[event]`.

use consumer_runtime::prelude::*;

#[event("tick")]
#[derive(Debug, serde::Serialize)]
struct Tick;

fn main() {}
