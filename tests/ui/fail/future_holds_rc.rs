//! A handler holds nothing that is bound to one thread while it waits.
//!
//! Mend: use `Arc`.

use std::rc::Rc;

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        let text = Rc::new(text);
        context.send_text(&*text).await?;
        context.send_text(&*text).await
    }
}

fn main() {}
