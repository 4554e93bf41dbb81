//! The answer of an event is a type.
//!
//! Mend: write `answer = Present`.

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Present {
    user: String,
}

#[event("presence.who", answer)]
struct Who;

fn main() {
    let _ = Present { user: String::new() };
}
