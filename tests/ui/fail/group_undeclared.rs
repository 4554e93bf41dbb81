//! `context.group()` is the declared group.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) {
        let _ = context.group();
    }
}

fn main() {}
