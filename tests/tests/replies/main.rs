//! Typed errors of replies, time limits, and requests that nobody waits for.

mod afterwards;
mod conversions;
mod gone;
mod limits;
mod typed;

use axum::Router;
use consumer_runtime::{Settings, testing::Communicator};
use serde_json::{Value, json};

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
