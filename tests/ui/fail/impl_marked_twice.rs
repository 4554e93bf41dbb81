//! An impl has one `#[consumer]`.
//!
//! Mend: remove one of the two.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String) {}
}

fn main() {}
