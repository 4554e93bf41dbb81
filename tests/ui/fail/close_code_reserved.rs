//! A close code is one that an application may send.
//!
//! Mend: use a code from 4000 to 4999, or a constant of `CloseCode`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) {
        context.close(close_code!(1234), "bye");
    }
}

fn main() {}
