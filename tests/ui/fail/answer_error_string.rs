//! The error of a handler is no `String`.
//!
//! Mend: return `Result`, and `Err(Error::msg(text))` for the log, or `Error::answer(code, text)` for the client.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String) -> Result<(), String> {
        Err(text)
    }
}

fn main() {}
