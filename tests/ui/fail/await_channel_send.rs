//! Sending to one channel is awaited.
//!
//! Mend: add `.await`, and `?` for its result.

#![deny(unused_must_use)]

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

async fn somebody_types(channels: &Channels, name: &str) -> Result {
    channels.channel(name)?.send(Typing);
    Ok(())
}

fn main() {}
