//! Fetching what waits for this process on one server, and handing it on.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio::time::Instant;

use super::Shared;
use crate::{
    channels::Local,
    layer::{LayerError, backoff::Backoff},
    message::MessageError,
    names::ChannelName,
};

/// How long a fetch waits at the server.
const BLOCK: Duration = Duration::from_secs(2);

/// How many are fetched at once when several wait.
const MORE: usize = 64;

/// What is stored, and when it was sent.
type Stored = (Vec<u8>, f64);

/// Runs until it is dropped.
pub(super) async fn receive(shared: &Shared, host: usize, prefix: &str) {
    let Ok(channel) = ChannelName::new(prefix) else { unreachable!("our own prefix is a name") };
    let key = shared.keys.messages(&channel);
    let (mut backoff, mut lost_since) = (Backoff::default(), None);
    loop {
        let error = match fetch(shared, host, &key, &mut lost_since, &mut backoff).await {
            Ok(()) => return,
            Err(error) => error,
        };
        tracing::warn!(%error, host, "messages cannot be fetched from Redis; trying again");
        lost_since.get_or_insert_with(Instant::now);
        backoff.wait().await;
    }
}

/// Fetches until the process is gone, or the server.
async fn fetch(
    shared: &Shared,
    host: usize,
    key: &str,
    lost_since: &mut Option<Instant>,
    backoff: &mut Backoff,
) -> Result<(), LayerError> {
    let server = &shared.servers[host];
    let mut connection = server.another().await?;
    if lost_since.is_some() {
        // A server that begins anew knows of no groups.
        for (group, member) in shared.members.all() {
            if shared.ring.host(group.as_str()) == host {
                shared.add_member(&group, &member).await?;
            }
        }
    }
    let mut wait = redis::cmd("BZPOPMIN");
    wait.arg(key).arg(BLOCK.as_secs());
    let mut more = redis::cmd("ZPOPMIN");
    more.arg(key).arg(MORE);
    loop {
        let first: Option<(String, Vec<u8>, f64)> = server.wait(&mut connection, &wait, BLOCK).await?;
        let Some(local) = shared.local() else { return Ok(()) };
        if let Some(since) = lost_since.take() {
            *backoff = Backoff::default();
            local.restored(since);
        }
        let Some((_, stored, _)) = first else { continue };
        hand_on(shared, &local, &stored).await;
        drain(shared, &local, host, &mut connection, &more).await?;
    }
}

async fn drain(
    shared: &Shared,
    local: &Local,
    host: usize,
    connection: &mut MultiplexedConnection,
    more: &redis::Cmd,
) -> Result<(), LayerError> {
    loop {
        let waiting: Vec<Stored> = shared.servers[host].wait(connection, more, Duration::ZERO).await?;
        let is_all = waiting.len() < MORE;
        for (stored, _) in waiting {
            hand_on(shared, local, &stored).await;
        }
        if is_all {
            return Ok(());
        }
    }
}

async fn hand_on(shared: &Shared, local: &Local, stored: &[u8]) {
    let addressed = match shared.body.read(stored) {
        Ok(addressed) => addressed,
        Err(error) => return local.unreadable(&error),
    };
    let Some(to) = addressed.to else {
        return local.unreadable(&MessageError::Malformed("it does not say which channel it is for"));
    };
    for name in to.names() {
        if let Some(group) = shared.members.group_of(name) {
            // Not for the members' sockets, but for the process that serves them: it must not be outrun.
            local.deliver_to_group(&group, &addressed.message).await;
            continue;
        }
        match ChannelName::new(name) {
            // A full channel has counted it, and nobody else hears of it.
            Ok(channel) if local.owns(&channel) => drop(local.deliver_to_channel(&channel, &addressed.message)),
            Ok(_) | Err(_) => local.counters().gone(1),
        }
    }
}
