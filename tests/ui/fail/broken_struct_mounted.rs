//! A broken struct half is one mistake, wherever the consumer is mounted.
//!
//! Mend: name a field in the path, as in `"/ws/{room}"`; the line that mounts the consumer is right as it is.

use consumer_runtime::prelude::*;

#[consumer("/ws/{seat}")]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text + &self.room).await
    }
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
