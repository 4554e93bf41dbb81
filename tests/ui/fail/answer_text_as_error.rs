//! A text does not become an error by itself.
//!
//! Mend: write `Err(Error::msg(..))`, or `Err(Error::answer(code, ..))`.

use consumer_runtime::prelude::*;

fn check() -> Result {
    Err("that name is taken".into())
}

fn main() {}
