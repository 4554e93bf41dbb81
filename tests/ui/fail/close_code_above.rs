//! A close code is below 5000.
//!
//! Mend: use a code from 4000 to 4999.

use consumer_runtime::prelude::*;

fn main() {
    let _: CloseCode = close_code!(5000);
}
