//! A payload has one type for every consumer.
//!
//! Mend: name one type, or take the frame with `#[receive(text)]` and parse it in the handler.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat<T: Default + Send + 'static> {
    value: T,
}

#[consumer]
impl<T: Default + Send + 'static> Chat<T> {
    #[receive]
    async fn receive(&mut self, value: T) {}
}

fn main() {}
