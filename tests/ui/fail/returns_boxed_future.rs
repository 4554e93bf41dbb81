//! A handler's future is not boxed by hand.
//!
//! Mend: write `async fn`, and return what the future gives.

#![allow(unused_variables)]

use std::pin::Pin;

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("typing")]
    fn typing(&mut self, event: &Typing) -> Pin<Box<dyn Future<Output = Result> + Send>> {
        Box::pin(async { Ok(()) })
    }
}

fn main() {}
