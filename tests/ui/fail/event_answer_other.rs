//! A handler returns the answer that its event declares.
//!
//! Mend: return that type, or change `answer = ..` at the event.

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
    async fn who(&mut self, who: &Who) -> Result<String> {
        Ok("ada".into())
    }
}

fn main() {}
