//! What the end-to-end tests share: a server on a free port, clients that are not our own code, diaries that handlers
//! write and tests read, and gates that hold handlers up.

/// The guide's programs compile.
#[cfg(doctest)]
#[doc = include_str!("../../docs/workers.md")]
mod guide {}

mod accounts;
mod client;
mod diary;
pub mod elsewhere;
mod event_source;
mod flaky;
mod freezing;
mod limits;
mod log;
mod nats_server;
pub mod news;
mod postgres_server;
mod process;
mod proxy;
pub mod python;
mod raw;
mod redis_cluster;
mod redis_server;
mod returning;
mod server_process;
mod site;
mod wire;

pub use accounts::Accounts;
pub use client::Client;
pub use diary::{Diary, Gate};
pub use event_source::{EventSource, events, send};
pub use flaky::{FlakyLayer, Joins};
pub use limits::allow_many_files;
pub use log::Log;
pub use nats_server::NatsServer;
pub use postgres_server::PostgresServer;
pub use process::Process;
pub use proxy::{Line, Proxy};
pub use raw::{Raw, Response, ask, frame, handshake};
pub use redis_cluster::RedisCluster;
pub use redis_server::RedisServer;
pub use returning::{Attempts, End, Returning};
pub use server_process::ServerProcess;
pub use site::Site;
pub use wire::{Wire, django_config};

use std::{future::Future, time::Duration};

/// How long anything may take that should happen at once; long, so that a busy machine fails no test.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for `future`.
///
/// # Panics
/// When it is not done within [`PATIENCE`]; `what` says what was waited for.
pub async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(output) => output,
        Err(_) => panic!("not within {PATIENCE:?}: {what}"),
    }
}

/// Waits until `condition` holds, for what nobody tells: counters, above all.
///
/// # Panics
/// When it does not hold within [`PATIENCE`].
pub async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    soon(what, async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
}
