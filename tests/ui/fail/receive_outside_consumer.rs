//! Frame handlers stand in a `#[consumer] impl`.
//!
//! Mend: put `#[consumer]` above the impl.

use consumer_runtime::prelude::*;

struct Chat;

impl Chat {
    #[receive]
    async fn receive(&mut self, _: String) {}
}

fn main() {}
