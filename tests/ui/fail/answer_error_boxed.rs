//! The error of a handler is not boxed.
//!
//! Mend: return `Result<u64>`: `?` turns every error into `Error`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(text.parse()?)
    }
}

fn main() {}
