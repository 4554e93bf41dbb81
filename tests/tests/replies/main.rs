//! Typed errors of replies, time limits, and requests that nobody waits for.

mod afterwards;
mod conversions;
mod gone;
mod limits;
mod typed;

use axum::{Extension, Router};
use consumer_runtime::{Channels, RouterExt, Settings, testing::Communicator};
use serde_json::{Value, json};
use tests::{Diary, Gate};

/// What a test shares with the consumers that it runs.
struct World {
    channels: Channels,
    diary: Diary,
    gate: Gate,
    /// The consumers, without channels, so that a site can give them its own.
    app: Router,
}

impl World {
    fn of(consumers: Router) -> Self {
        let (channels, diary, gate) = (Channels::memory(), Diary::default(), Gate::default());
        let app = consumers.layer(Extension(diary.clone())).layer(Extension(gate.clone()));
        Self { channels, diary, gate, app }
    }

    async fn client(&self, path: &str) -> Communicator {
        connected(self.app.clone().with_channels(self.channels.clone()), path).await
    }
}

async fn connected(app: Router, path: &str) -> Communicator {
    let mut client = Communicator::new(app, path);
    client.connect().await.unwrap();
    client
}

/// What `#[receive("kind")]` tells of an error, as `{"code": .., "message": .., "data": ..}`.
async fn told(client: &mut Communicator, kind: &str) -> Value {
    let error = client.ask::<Value>(&json!({ "type": kind })).await.unwrap().unwrap_err();
    let mut told = json!({"code": error.code(), "message": error.message()});
    if let Some(data) = error.data() {
        told["data"] = data.clone();
    }
    told
}

/// What the client is told of an error that says nothing.
fn internal() -> Value {
    json!({"code": "internal", "message": "the server could not handle this frame"})
}
