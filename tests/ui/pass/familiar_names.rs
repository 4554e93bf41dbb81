//! The user's own types with names that the attributes know from others: none of them is taken for something else.

#![allow(dead_code)]

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

mod mine {
    use axum::{extract::FromRequestParts, http::request::Parts};

    /// An extractor, and no context of a consumer.
    pub struct Context(pub String);

    impl<S: Send + Sync> FromRequestParts<S> for Context {
        type Rejection = std::convert::Infallible;

        async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
            Ok(Self(parts.uri.path().to_owned()))
        }
    }

    /// An extractor, and not axum's.
    pub struct State<T>(pub T);

    impl<S: Send + Sync> FromRequestParts<S> for State<u8> {
        type Rejection = std::convert::Infallible;

        async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
            Ok(Self(1))
        }
    }
}

#[derive(Deserialize)]
struct Query {
    text: String,
}

#[derive(Deserialize)]
struct State {
    on: bool,
}

#[derive(Serialize)]
struct Pin {
    number: u8,
}

#[event("path")]
struct Path {
    steps: Vec<u8>,
}

#[consumer("/ws")]
struct Chat {
    #[extract]
    state: mine::State<u8>,
}

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, place: mine::Context, _: mine::State<u8>) {
        let _ = place.0;
    }

    #[receive("query")]
    async fn query(&mut self, query: Query, context: &mut Context<Self>) -> Result<Pin> {
        context.send_text(query.text).await?;
        Ok(Pin { number: 1 })
    }

    #[receive("state")]
    async fn state(&mut self, state: State) -> Option<bool> {
        Some(state.on)
    }

    #[event("path")]
    async fn path(&mut self, path: &Path, _: &mut Context<Self>) {
        let _ = &path.steps;
    }
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
