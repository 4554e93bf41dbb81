//! `#[receive]` has four forms.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive(json)]
    async fn receive(&mut self, frame: String) {}
}

fn main() {}
