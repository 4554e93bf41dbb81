//! The payload of an event handler is an event.
//!
//! Mend: put `#[event("chat.message")]` above the payload's struct.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

struct Plain;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &Plain) {}
}

fn main() {}
