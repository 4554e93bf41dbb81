//! Django Channels' own tests as behaviours, by their names; `docs/parity.md` says for each what became of it.

mod test_generic_websocket;
mod test_inmemorychannel;
mod test_routing;
mod test_testing;

use std::time::Duration;

use axum::{
    Router,
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    routing::get,
};
use consumer_runtime::{
    prelude::*,
    testing::{Communicator, TestError},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tests::Diary;

async fn refused(mut client: Communicator) -> StatusCode {
    match client.connect().await {
        Err(TestError::Refused { status, .. }) => status,
        other => panic!("not refused: {other:?}"),
    }
}
