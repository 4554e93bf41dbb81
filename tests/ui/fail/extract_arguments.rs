//! `#[extract]` takes nothing.
//!
//! Mend: write `#[extract]` alone; the field's type says what is extracted.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat {
    #[extract(State)]
    method: axum::http::Method,
}

fn main() {}
