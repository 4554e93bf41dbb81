//! `#[connect]` takes nothing.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect(first)]
    async fn connect(&mut self) {}
}

fn main() {}
