//! What a consumer sends is declared.

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
