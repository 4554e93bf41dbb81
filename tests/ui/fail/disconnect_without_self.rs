//! `#[disconnect]` ends one connection.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect() {}
}

fn main() {}
