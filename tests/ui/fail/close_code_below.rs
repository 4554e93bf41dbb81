//! A close code is above 999.
//!
//! Mend: use a code from 4000 to 4999, or a constant of `CloseCode`.

use consumer_runtime::prelude::*;

const GONE: CloseCode = close_code!(404);

fn main() {
    let _ = GONE;
}
