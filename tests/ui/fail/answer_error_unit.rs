//! The error of a handler says something.
//!
//! Mend: return `Result<u64>`, and an error with a text.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String) -> Result<u64, ()> {
        Err(())
    }
}

fn main() {}
