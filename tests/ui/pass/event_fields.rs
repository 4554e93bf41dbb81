//! Fields of events that look like mistakes and are none.

#![deny(warnings)]
#![allow(dead_code)]

use std::borrow::Cow;

use consumer_runtime::prelude::*;

fn one<'de, D: serde::Deserializer<'de>>(_: D) -> std::result::Result<&'static u8, D::Error> {
    Ok(&1)
}

#[event("one")]
struct One {
    /// Borrowed for ever when it is written here, owned when it is read.
    name: Cow<'static, str>,
    #[serde(skip)]
    skipped: &'static str,
    #[serde(deserialize_with = "one")]
    own_words: &'static u8,
    children: Vec<One>,
}

/// An event is a payload like any other: a client may send it, too.
#[event("two")]
struct Two {
    one: Box<One>,
}

#[consumer("/ws", group = "all", sends(Two))]
pub struct Chat {
    hidden: u8,
}

#[consumer]
impl Chat {
    #[event("one")]
    async fn one(&mut self, event: &One, context: &mut Context<Self>) -> Result {
        context.send_text(event.own_words.to_string()).await
    }

    #[event("two")]
    pub(crate) async fn two(&mut self, event: &Two, context: &mut Context<Self>) -> Result {
        context.send(event).await
    }

    #[receive("two")]
    async fn received(&mut self, two: Two, context: &mut Context<Self>) -> Result {
        context.group().send(two).await
    }
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
