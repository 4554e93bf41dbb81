//! A consumer's type parameters can go to other threads.
//!
//! Mend: add the bound `Send`.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat<T> {
    value: T,
}

#[consumer]
impl<T: Default> Chat<T> {
    #[receive]
    async fn receive(&mut self, _: String) {}
}

fn main() {}
