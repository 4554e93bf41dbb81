//! The opening handshake: who gets in, and what everybody else is told.

mod http2;
mod origins;
mod places;
mod proxies;
mod requests;
mod routers;
mod secrets;
mod slow_heads;
mod storms;
mod subprotocols;
mod values;

use std::{future::poll_fn, time::Duration};

use axum::{
    Extension, Router,
    extract::{Path, Query, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use consumer_runtime::{Origins, Settings, prelude::*};
use serde::Deserialize;
use serde_json::{Value, json};
use tests::{Client, Diary, Log, Raw, Site, ask, eventually, frame, handshake, soon};
use tokio::{io::AsyncReadExt, net::TcpListener};

#[event("door.knock")]
struct Knock {}

/// In a group that is named by its path.
#[consumer("/ws/room/{room}/", group = "room_{room}")]
struct Room {
    room: String,
}

#[consumer]
impl Room {
    #[receive]
    async fn receive(&mut self, _: Value) -> String {
        self.room.clone()
    }

    #[event("door.knock")]
    async fn knock(&mut self, _: &Knock) {}
}

/// Has a path value that is not just text.
#[consumer("/ws/item/{item}/")]
struct Item {
    item: u32,
}

#[consumer]
impl Item {
    #[receive]
    async fn receive(&mut self, _: Value) -> u32 {
        self.item
    }
}

/// Tells everything about its scope.
#[consumer("/ws/scope/{a}/{b}/")]
struct Mirror {
    a: String,
    b: String,
}

#[consumer]
impl Mirror {
    #[connect]
    async fn connect(&mut self, scope: Scope, context: &mut Context<Self>) -> Result {
        context
            .send_json(&json!({
                "path": scope.path(),
                "raw_path": scope.raw_path(),
                "query": scope.query(),
                "header": scope.header("x-test"),
                "client": scope.client().map(|client| client.ip().to_string()),
                "server": scope.server(),
                "subprotocols": scope.subprotocols(),
                "kwargs": scope.kwargs().map(|(name, value)| [name, value]).collect::<Vec<_>>(),
                "fields": [self.a, self.b],
                "extension": scope.extensions().get::<Diary>().map(|diary| diary.entries()),
            }))
            .await?;
        assert_eq!(scope.kwarg("a"), Some(&*self.a));
        Ok(())
    }
}

/// Speaks several versions.
#[consumer("/ws/versions/", subprotocols("v2.chat", "v1.chat"))]
struct Versions {}

#[consumer]
impl Versions {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result {
        context.send_json(&context.subprotocol()).await
    }
}

/// Chooses what the client's own header says.
#[consumer("/ws/chooser/")]
struct Chooser {}

#[consumer]
impl Chooser {
    #[connect]
    async fn connect(&mut self, scope: Scope, context: &mut Context<Self>) -> Result {
        context.select_subprotocol(scope.header("x-choose").unwrap_or_default())?;
        context.accept_header(HeaderName::from_static("x-hello"), HeaderValue::from_static("one"))?;
        context.accept_header(HeaderName::from_static("x-hello"), HeaderValue::from_static("two"))?;
        let own = context.accept_header(HeaderName::from_static("upgrade"), HeaderValue::from_static("h2c"));
        assert!(own.is_err(), "the handshake's own headers are not for sale");
        Ok(())
    }

    #[receive]
    async fn receive(&mut self, _: Value, context: &mut Context<Self>) -> Result<Value> {
        let header = context.accept_header(HeaderName::from_static("x-late"), HeaderValue::from_static("x"));
        Ok(json!({"header": header.is_err(), "subprotocol": context.select_subprotocol("late").is_err()}))
    }
}

fn app() -> Router {
    Router::new()
        .consumer::<Room>()
        .consumer::<Item>()
        .consumer::<Mirror>()
        .consumer::<Versions>()
        .consumer::<Chooser>()
}

async fn site() -> Site {
    Site::new(app()).await
}

async fn site_with(settings: Settings) -> Site {
    Site::new(app().with_settings(settings)).await
}

const ROOM: &str = "/ws/room/lobby/";
