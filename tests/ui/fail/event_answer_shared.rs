//! An event with an answer is handled by each member for itself.
//!
//! Mend: take `&mut self` and write `async fn`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Present {
    user: String,
}

#[event("presence.who", answer = Present)]
struct Who;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("presence.who")]
    fn who(who: &Who) -> Present {
        Present { user: String::new() }
    }
}

fn main() {}
