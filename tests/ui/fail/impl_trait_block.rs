//! `#[consumer]` belongs on the consumer's own impl, not on a trait's.
//!
//! Mend: move `#[consumer]` to `impl Chat { .. }`.

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
