//! A consumer that can't move to another thread is one mistake, wherever it is mounted.
//!
//! Mend: use a `Send` type for the field; the line that mounts the consumer is right as it is.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
#[derive(Default)]
struct Chat {
    local: std::rc::Rc<u8>,
}

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }

    #[disconnect]
    async fn disconnect(&mut self) {}
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
