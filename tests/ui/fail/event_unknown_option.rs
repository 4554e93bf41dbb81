//! An event has one option, its answer.
//!
//! Mend: write `answer = Present`.

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Present {
    user: String,
}

#[event("presence.who", reply = Present)]
struct Who;

fn main() {
    let _ = Present { user: String::new() };
}
