//! A result stands outside of an option.
//!
//! Mend: write `Result<Option<u64>>`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String) -> Option<Result<u64>> {
        None
    }
}

fn main() {}
