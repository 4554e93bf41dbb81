//! What a consumer leaves is a group.
//!
//! Mend: put `#[group(..)]` above the struct, or pass a group.

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
