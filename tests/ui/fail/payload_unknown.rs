//! A payload whose type does not exist is rustc's own error, and the only one.
//!
//! Mend: declare or import the type.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &Missing) {}
}

fn main() {}
