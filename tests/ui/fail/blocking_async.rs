//! The handlers of a blocking impl are plain functions.
//!
//! Mend: remove `async`, or remove `blocking` from the impl if its handlers have something to await.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer(blocking)]
impl Chat {
    #[receive]
    async fn receive(&mut self, frame: String) {}
}

fn main() {}
