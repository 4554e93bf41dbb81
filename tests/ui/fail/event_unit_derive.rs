//! A unit event gets its serde impls from `#[event]`.
//!
//! Mend: remove serde's traits from the derive.

use consumer_runtime::prelude::*;

#[event("tick")]
#[derive(Debug, serde::Serialize)]
struct Tick;

fn main() {}
