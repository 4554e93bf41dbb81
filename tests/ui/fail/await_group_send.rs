//! Sending to a group is awaited.
//!
//! Mend: add `.await`, and `?` for its result.

#![deny(unused_must_use)]

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[group("room", events(Typing))]
struct Room;

async fn somebody_types(channels: &Channels) {
    Room.send(channels, Typing);
}

fn main() {}
