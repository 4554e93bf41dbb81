//! A connection is closed with a checked code.
//!
//! Mend: write `close_code!(4001)`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) {
        context.close(4001, "bye");
    }
}

fn main() {}
