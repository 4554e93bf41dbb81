//! There is one `#[disconnect]`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect(&mut self) {}

    #[disconnect]
    async fn again(&mut self) {}
}

fn main() {}
