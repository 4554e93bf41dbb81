//! The context stays in its handler.
//!
//! Mend: give the task a clone of `context.channels()` and the `context.channel_name()`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) {
        tokio::spawn(async move {
            let _ = context.send_text(text).await;
        });
    }
}

fn main() {}
