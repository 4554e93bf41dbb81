//! A consumer owns its data.
//!
//! Mend: own what is borrowed: `String` instead of `&str`.

use consumer_runtime::prelude::*;

#[consumer("/ws/{room}")]
struct Chat<'a> {
    room: &'a str,
}

#[consumer]
impl<'a> Chat<'a> {
    #[receive]
    async fn receive(&mut self, _: String) {}
}

fn main() {}
