//! An event has one answer.
//!
//! Mend: keep one of them.

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Present {
    user: String,
}

#[event("presence.who", answer = Present, answer = Present)]
struct Who;

fn main() {
    let _ = Present { user: String::new() };
}
