//! Generic consumers with their bounds in all places, and without those that the attribute adds.

#![allow(dead_code)]

use std::marker::PhantomData;

use consumer_runtime::prelude::*;

#[consumer("/default")]
struct WithDefault<T: Default + Send + 'static = u8>
where
    T: Clone,
{
    value: T,
}

#[consumer]
impl<T: Default + Send + Clone + 'static> WithDefault<T> {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.send_text("received").await
    }
}

#[consumer("/where")]
struct InWhere<T>
where
    T: Default,
{
    value: T,
}

#[consumer]
impl<T> InWhere<T>
where
    T: Default + Send,
{
    #[receive]
    async fn receive(&mut self, _: String) {}
}

#[consumer("/one")]
struct OneOfMany<T> {
    value: T,
}

#[consumer]
impl OneOfMany<u8> {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.send_text("received").await
    }
}

#[consumer("/number/{name}")]
struct Number<const N: usize> {
    name: String,
    values: PhantomData<[u8; N]>,
}

#[consumer]
impl<const N: usize> Number<N> {
    #[receive]
    async fn receive(&mut self, _: String) -> usize {
        N
    }
}

/// The parameter is not `Send`, and nothing of it is kept.
#[consumer("/phantom")]
struct Phantom<T> {
    kind: PhantomData<fn() -> T>,
}

#[consumer]
impl<T: 'static> Phantom<T> {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.send_text("received").await
    }
}

fn main() {
    let _: axum::Router = axum::Router::new()
        .consumer::<WithDefault>()
        .consumer::<InWhere<String>>()
        .consumer::<OneOfMany<u8>>()
        .consumer::<Number<4>>()
        .consumer::<Phantom<std::rc::Rc<u8>>>();
}
