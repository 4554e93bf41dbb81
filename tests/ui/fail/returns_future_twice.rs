//! An `async fn` returns no future of its own.
//!
//! Mend: return what the inner future gives: `.await` it.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: String) -> impl Future<Output = Result> {
        async { Ok(()) }
    }
}

fn main() {}
