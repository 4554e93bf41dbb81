//! `#[receive(bytes)]` takes bytes.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(bytes)]
    async fn bytes(&mut self, bytes: String) {}
}

fn main() {}
