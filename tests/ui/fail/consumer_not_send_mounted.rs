//! A consumer that is not `Send` is one mistake, wherever it is mounted.

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
