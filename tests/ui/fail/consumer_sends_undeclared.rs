//! What a consumer sends is declared on its struct.
//!
//! Mend: add `sends(Welcome)` to the struct's `#[consumer(..)]`, or send with `context.send_json`.

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
struct Welcome;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result {
        context.send(&Welcome).await
    }
}

fn main() {}
