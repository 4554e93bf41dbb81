//! The context of a blocking handler is the blocking one.
//!
//! Mend: write `context: &mut BlockingContext<Self>`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer(blocking)]
impl Chat {
    #[receive]
    fn receive(&mut self, frame: String, context: &mut Context<Self>) {}
}

fn main() {}
