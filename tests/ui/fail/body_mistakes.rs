//! Ordinary mistakes in a handler's body are rustc's, where they are.
//!
//! Mend: correct each where rustc underlines it, as in any other function.
//!
//! Errors: 3, one for each of the three mistakes in the body; the attribute adds none.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("chat.message")]
    async fn on_message(&mut self, event: &ChatMessage, context: &mut Context<Self>) -> Result {
        let number: u8 = event.message;
        context.no_such_method();
        missing()
    }
}

fn main() {}
