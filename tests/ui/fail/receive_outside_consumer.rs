//! Handlers stand in a `#[consumer] impl`.

use consumer_runtime::prelude::*;

struct Chat;

impl Chat {
    #[consumer_runtime::receive]
    async fn receive(&mut self, text: String) {}
}

fn main() {}
