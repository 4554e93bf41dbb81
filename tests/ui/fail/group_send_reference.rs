//! An event is sent by value.
//!
//! Mend: remove the `&`.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[group("room", events(Typing))]
struct Room;

async fn somebody_types(channels: &Channels) -> Result {
    Room.send(channels, &Typing).await
}

fn main() {}
