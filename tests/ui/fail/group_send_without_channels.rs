//! A send from outside says over which channels.
//!
//! Mend: pass `&channels` first.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[group("room", events(Typing))]
struct Room;

async fn somebody_types() -> Result {
    Room.send(Typing).await
}

fn main() {}
