//! What is left is a group.

use consumer_runtime::prelude::*;

struct Room;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.leave(Room).await
    }
}

fn main() {}
