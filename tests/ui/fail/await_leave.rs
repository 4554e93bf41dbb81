//! Leaving a group is awaited.
//!
//! Mend: add `.await`, and `?` for its result.

#![deny(unused_must_use)]

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[group("room", events(Typing))]
struct Room;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) {
        context.leave(Room);
    }
}

fn main() {}
