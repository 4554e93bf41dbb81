//! An event is sent to an own group by value.
//!
//! Mend: remove the `&`.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[consumer("/ws", group = "room")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.group().send(&Typing).await
    }

    #[event("typing")]
    async fn typing(&mut self, _: &Typing) {}
}

fn main() {}
