//! Whoever sends an event sees its fields.
//!
//! Mend: write `pub name`, or a function that makes the event.

mod events {
    #[consumer_runtime::event("typing")]
    pub struct Typing {
        name: String,
    }
}

use consumer_runtime::prelude::*;

#[group("room", events(events::Typing))]
struct Room;

async fn somebody_types(channels: &Channels, name: String) -> Result {
    Room.send(channels, events::Typing { name }).await
}

fn main() {}
