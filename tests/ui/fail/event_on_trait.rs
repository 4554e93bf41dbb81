//! An event is a struct, not a trait.
//!
//! Mend: write a struct that holds the event's data.

use consumer_runtime::prelude::*;

#[event("chat.message")]
trait Message {}

fn main() {}
