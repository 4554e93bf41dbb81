//! A group is joined by its value.
//!
//! Mend: write `Room { .. }`, or `context.untyped().group_add("lobby")` for a name alone.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.join("lobby").await
    }
}

fn main() {}
