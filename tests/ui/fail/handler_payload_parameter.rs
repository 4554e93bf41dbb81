//! A payload has one type for every consumer.

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
