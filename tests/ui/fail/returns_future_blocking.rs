//! A blocking handler returns no future.
//!
//! Mend: return the value; `context.wait(..)` waits for something asynchronous.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer(blocking)]
impl Chat {
    #[receive]
    fn receive(&mut self, text: String) -> impl Future<Output = Result> {
        async { Ok(()) }
    }
}

fn main() {}
