//! An event without fields has itself as its key.
//!
//! Mend: write `key` alone.

use consumer_runtime::prelude::*;

#[event("list.changed", key = list)]
struct ListChanged;

fn main() {}
