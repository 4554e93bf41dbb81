//! A `Close` becomes an error before it is one.
//!
//! Mend: write `.into()`, or `Err(..)?`.

use consumer_runtime::prelude::*;

fn refusal() -> Error {
    Close::new(close_code!(4001), "no")
}

fn main() {}
