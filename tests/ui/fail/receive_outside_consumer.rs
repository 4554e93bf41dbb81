//! Handlers stand in a `#[consumer] impl`.

use consumer_runtime::prelude::*;

struct Chat;

impl Chat {
    #[receive]
    async fn receive(&mut self, _: String) {}
}

fn main() {}
