//! A handler of an event with an answer returns one.
//!
//! Mend: return the type of `answer = ..`.

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
    async fn who(&mut self, who: &Who) {
        
    }
}

fn main() {}
