//! The error of a handler is no text.
//!
//! Mend: return `Result<u64>`, and `Err(Error::answer("taken", "that name is taken"))`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String) -> Result<u64, &'static str> {
        Err("that name is taken")
    }
}

fn main() {}
