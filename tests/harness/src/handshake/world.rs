//! Mounted consumers, and a connection that can be upgraded.

use std::{convert::Infallible, future::pending, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use consumer_runtime::{Settings, prelude::*};
use hyper::{service::service_fn, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{io::AsyncWriteExt, runtime::Runtime, sync::mpsc};
use tower::ServiceExt;

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

#[event("door.knock")]
struct Knock {}

/// Has a value in its path that is no text, and speaks two subprotocols.
#[consumer("/ws/item/{item}/", subprotocols("v2.item", "v1.item"))]
struct Item {
    item: u8,
}

#[consumer]
impl Item {
    #[receive("item.get")]
    async fn get(&mut self, _: Value) -> u8 {
        self.item
    }
}

pub(super) struct World {
    runtime: Runtime,
    channels: Channels,
    app: Router,
    /// The end of a connection that waits for ever for the response that would upgrade it.
    upgrade: OnUpgrade,
}

impl World {
    pub(super) fn new() -> Self {
        // Paused: waiting for an upgrade that never comes takes no time.
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
        let channels = Channels::memory();
        let settings = Settings { upgrade_timeout: Duration::from_millis(1), ..Settings::unlimited() };
        let app =
            Router::new().consumer::<Room>().consumer::<Item>().with_settings(settings).with_channels(channels.clone());
        let upgrade = runtime.block_on(upgrade());
        Self { runtime, channels, app, upgrade }
    }

    /// What is answered; the connection, if it is one, has ended before that is said.
    pub(super) fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        request.extensions_mut().insert(self.upgrade.clone());
        self.runtime.block_on(async {
            let Ok(response) = self.app.clone().oneshot(request).await;
            // A stream of events ends with its body.
            let is_stream = response.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream");
            let response = if is_stream { response.map(|_| Body::empty()) } else { response };
            let left = || {
                let counts = self.channels.counts();
                counts.accepted - counts.ended
            };
            tokio::time::timeout(Duration::from_secs(60), async {
                while left() > 0 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            })
            .await
            .expect("a connection that is not upgraded ends");
            assert_eq!(self.channels.counts().panics, 0);
            response
        })
    }
}

/// The upgrade of a request that is never answered.
async fn upgrade() -> OnUpgrade {
    let (mut client, server) = tokio::io::duplex(1024);
    let (found, mut upgrades) = mpsc::unbounded_channel();
    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
        let _ = found.send(request.extensions().get::<OnUpgrade>().cloned());
        pending::<Result<Response<Body>, Infallible>>()
    });
    tokio::spawn(async move {
        let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(server), service);
        let _ = connection.with_upgrades().await;
    });
    let request = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    client.write_all(request).await.expect("an open line");
    tokio::spawn(async move {
        let _client = client;
        pending::<()>().await;
    });
    upgrades.recv().await.flatten().expect("a connection that can be upgraded")
}
