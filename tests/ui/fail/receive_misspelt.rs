//! Markers are spelt as they are.
//!
//! Mend: write `#[receive]`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[recieve]
    async fn receive(&mut self, _: String) {}
}

fn main() {}
