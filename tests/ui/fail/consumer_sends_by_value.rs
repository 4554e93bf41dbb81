//! What is sent is lent.
//!
//! Mend: write `&Welcome {}`.

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
struct Welcome {}

#[consumer("/ws", sends(Welcome))]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.send(Welcome {}).await
    }
}

fn main() {}
