//! What `#[receive]` returns can be serialised.
//!
//! Mend: add `#[derive(serde::Serialize)]` to the answer.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

struct Plain;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive("find")]
    async fn find(&mut self, frame: String) -> Result<Plain> {
        Ok(Plain)
    }
}

fn main() {}
