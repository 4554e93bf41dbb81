//! Generated code under every strict lint, with a deprecated handler and a private payload.

#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    nonstandard_style,
    rust_2018_idioms,
    single_use_lifetimes,
    trivial_casts,
    unnameable_types,
    unreachable_pub,
    unused,
    unused_qualifications,
    unused_results,
    private_interfaces,
    private_bounds
)]
#![forbid(unsafe_code)]

use axum::http::Method;
use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

/// A message.
#[event("chat.message")]
#[derive(Debug, Clone)]
pub struct ChatMessage {
    /// Its text.
    pub message: String,
}

#[event("inner")]
struct Inner;

/// A frame.
#[derive(Debug, Deserialize, Serialize)]
pub struct Say {
    message: String,
}

/// A room.
#[group("chat_{room}", events(ChatMessage, Inner))]
#[derive(Debug)]
pub struct Room {
    /// Its name.
    pub room: String,
}

/// A consumer.
#[consumer("/ws/{room}", group = Room, sends(Say))]
#[derive(Debug)]
pub struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, _: Method, context: &mut Context<Self>) -> Result {
        context.send_text(&self.room).await
    }

    #[receive]
    async fn receive(&mut self, say: Say, context: &mut Context<Self>) -> Result {
        context.send(&say).await
    }

    #[deprecated]
    #[event("chat.message")]
    async fn on_message(&mut self, _: ChatMessage) {}

    #[event("inner")]
    fn on_inner(_: &Inner) -> u8 {
        1
    }

    #[disconnect]
    async fn disconnect(&mut self, _: Disconnect) {}
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
