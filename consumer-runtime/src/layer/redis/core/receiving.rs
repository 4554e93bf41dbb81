//! Fetching what waits for this process on one server, and handing it on.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio::time::Instant;

use super::Shared;
use crate::{
    channels::{Absence, Local},
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
    let mut backoff = Backoff::default();
    let mut connection = Lifetime { opened: None, heard: Instant::now(), lost_since: None, absence: None };
    loop {
        let error = match fetch(shared, host, &key, &mut connection).await {
            Ok(()) => return,
            Err(error) => error,
        };
        tracing::warn!(%error, host, "messages cannot be fetched from Redis; trying again");
        let since = *connection.lost_since.get_or_insert(connection.heard);
        match &connection.absence {
            Some(absence) => absence.say(error.to_string()),
            None => connection.absence = shared.local().map(|local| local.away(error.to_string(), since)),
        }
        if let Some(opened) = connection.opened.take() {
            backoff.lasted(opened.elapsed());
        }
        backoff.wait().await;
    }
}

/// What is known of a connection, and of those before it.
struct Lifetime {
    /// When something could be fetched for the first time.
    opened: Option<Instant>,
    /// When something was last fetched, or nothing was there.
    heard: Instant,
    /// Since when nothing could be fetched.
    lost_since: Option<Instant>,
    /// Held since then.
    absence: Option<Absence>,
}

/// Fetches until the process is gone, or the server.
async fn fetch(shared: &Shared, host: usize, key: &str, lifetime: &mut Lifetime) -> Result<(), LayerError> {
    let server = &shared.servers[host];
    let mut connection = server.another().await?;
    let mut wait = redis::cmd("BZPOPMIN");
    wait.arg(key).arg(BLOCK.as_secs());
    let mut more = redis::cmd("ZPOPMIN");
    more.arg(key).arg(MORE);
    if lifetime.lost_since.is_some() {
        // A server that begins anew knows of no groups, nor that this process runs.
        if shared.is_own(host) {
            shared.say_alive().await?;
        }
        shared.return_to_groups(host).await?;
        let Some(local) = shared.local() else { return Ok(()) };
        // What was stored before it went away comes before the news that it was away.
        drain(shared, &local, host, &mut connection, &more).await?;
        lifetime.absence = None;
        if let Some(since) = lifetime.lost_since.take() {
            local.restored(since);
        }
    }
    lifetime.opened = Some(Instant::now());
    loop {
        let first: Option<(String, Vec<u8>, f64)> = server.wait(&mut connection, &wait, BLOCK).await?;
        lifetime.heard = Instant::now();
        let Some(local) = shared.local() else { return Ok(()) };
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
