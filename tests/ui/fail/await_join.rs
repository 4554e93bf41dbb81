//! Joining a group is awaited.
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
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) {
        context.join(Room);
    }

    #[event("typing")]
    async fn typing(&mut self, _: &Typing) {}
}

fn main() {}
