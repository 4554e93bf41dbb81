//! An error that closes has a checked code.
//!
//! Mend: write `close_code!(4001)`.

use consumer_runtime::prelude::*;

fn refuse() -> Result {
    Err(Close::new(4001, "no").into())
}

fn main() {}
