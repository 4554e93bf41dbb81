//! Sending to one's own client is awaited.
//!
//! Mend: add `.await`, and `?` for its result.

#![deny(unused_must_use)]

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
struct Welcome {}

#[consumer("/ws", sends(Welcome))]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) {
        context.send(&Welcome {});
    }
}

fn main() {}
