//! `#[consumer]` belongs on the consumer's own impl block.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Clone for Chat {
    fn clone(&self) -> Self {
        Self
    }
}

fn main() {}
