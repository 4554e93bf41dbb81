//! A consumer with type and const parameters.

use std::marker::PhantomData;

use consumer_runtime::prelude::*;

trait Store: Default + Send + Sync + 'static {
    const NAME: &'static str;
}

#[derive(Default)]
struct Memory;

impl Store for Memory {
    const NAME: &'static str = "memory";
}

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

#[derive(serde::Serialize)]
struct Welcome;

#[consumer("/ws/{room}", group = Room, sends(Welcome))]
struct Chat<T: Store, const N: usize = 1>
where
    T: Clone,
{
    room: String,
    store: PhantomData<T>,
}

impl Clone for Memory {
    fn clone(&self) -> Self {
        Self
    }
}

#[consumer]
impl<T: Store, const N: usize> Chat<T, N>
where
    T: Clone,
{
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result {
        let _ = self.store;
        context.send(&Welcome).await
    }

    #[event("chat.message")]
    async fn message(&mut self, event: &ChatMessage, context: &mut Context<Self>) -> Result {
        context.send_json(&(T::NAME, &event.message, &self.room)).await
    }
}

#[consumer("/own/{room}", group = "own_{room}")]
struct Own<T: Store> {
    room: String,
    store: T,
}

#[consumer]
impl<T: Store> Own<T> {
    #[connect]
    async fn connect(context: &mut Context<Self>) -> Result<Self, Refusal> {
        let _ = context;
        Ok(Self { room: T::NAME.to_owned(), store: T::default() })
    }

    #[event("chat.message")]
    fn message(event: &ChatMessage) -> usize {
        T::NAME.len() + event.message.len()
    }

    fn store(&self) -> &T {
        &self.store
    }
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat<Memory, 3>>().consumer::<Own<Memory>>();
    let _ = Own::<Memory>::store;
}
