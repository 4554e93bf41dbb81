//! A handler is an `async fn`, and no function that returns a future.
//!
//! Mend: write `async fn`, and return what the future gives.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    fn receive(&mut self, text: String) -> impl Future<Output = Result> + Send {
        async { Ok(()) }
    }
}

fn main() {}
