//! A consumer's type parameters outlive the request.
//!
//! Mend: add the bound `'static`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat<T> {
    value: T,
}

#[consumer]
impl<T: Default + Send> Chat<T> {
    #[receive]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }
}

fn main() {}
