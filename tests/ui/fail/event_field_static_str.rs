//! The fields of an event own what they hold.
//!
//! Mend: write `String`.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing {
    name: &'static str,
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("typing")]
    async fn typing(&mut self, _: &Typing) {}
}

fn main() {}
