//! `#[disconnect]` takes a `Disconnect`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect(&mut self, code: u16) {}
}

fn main() {}
