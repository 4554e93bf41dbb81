//! General channels: what several processes fetch from, each message once.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use redis::{Cmd, aio::MultiplexedConnection};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::Shared;
use crate::{
    layer::{LayerError, backoff::Backoff, redis::server::Server},
    message::Message,
    names::ChannelName,
};

/// How long a fetch waits at one server before it goes to the next.
const BLOCK: Duration = Duration::from_secs(1);

/// The channels that this process has ever received from.
#[derive(Default)]
pub(super) struct General(Mutex<HashMap<ChannelName, Arc<Line>>>);

/// What was fetched and not taken: whoever asked for it may have gone meanwhile, and nothing is lost.
#[derive(Default)]
struct Line {
    messages: Mutex<VecDeque<Message>>,
    arrived: Notify,
    /// How many wait now: no more is fetched ahead.
    waiting: AtomicUsize,
    /// Told when there may be more to fetch.
    wanted: Notify,
}

/// One who waits, until it is dropped.
struct Waiting<'a>(&'a Line);

impl<'a> Waiting<'a> {
    fn on(line: &'a Line) -> Self {
        line.waiting.fetch_add(1, Ordering::AcqRel);
        line.wanted.notify_one();
        Self(line)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Line {
    fn messages(&self) -> MutexGuard<'_, VecDeque<Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a message; another who waits may have been told of it, so one more may be wanted.
    fn take(&self) -> Option<Message> {
        let message = self.messages().pop_front();
        if message.is_some() {
            self.wanted.notify_one();
        }
        message
    }

    fn wants_more(&self) -> bool {
        self.messages().len() < self.waiting.load(Ordering::Acquire)
    }
}

/// The next message of a channel.
pub(super) async fn receive(
    shared: &Arc<Shared>,
    channel: &ChannelName,
    over: CancellationToken,
) -> Result<Message, LayerError> {
    let line = open(shared, channel, over);
    if let Some(message) = line.take() {
        return Ok(message);
    }
    let _waiting = Waiting::on(&line);
    loop {
        let arrived = line.arrived.notified();
        if let Some(message) = line.take() {
            return Ok(message);
        }
        arrived.await;
    }
}

/// The line of a channel, which is fetched for from now on.
fn open(shared: &Arc<Shared>, channel: &ChannelName, over: CancellationToken) -> Arc<Line> {
    let mut lines = shared.general.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(line) = lines.get(channel) {
        return Arc::clone(line);
    }
    let line = Arc::<Line>::default();
    lines.insert(channel.clone(), Arc::clone(&line));
    let (shared, channel, fetched) = (Arc::clone(shared), channel.clone(), Arc::clone(&line));
    tokio::spawn(async move { over.run_until_cancelled(fetch_all(&shared, &channel, &fetched)).await });
    line
}

/// Fetches one for each who waits.
async fn fetch_all(shared: &Shared, channel: &ChannelName, line: &Line) {
    // A connection to each server for this channel alone, since what blocks on one holds up all else there.
    let mut connections: Vec<Option<MultiplexedConnection>> = shared.servers.iter().map(|_| None).collect();
    loop {
        while !line.wants_more() {
            line.wanted.notified().await;
        }
        let message = fetch(shared, channel, &mut connections).await;
        line.messages().push_back(message);
        line.arrived.notify_one();
    }
}

/// One message, from whatever server has one.
async fn fetch(shared: &Shared, channel: &ChannelName, connections: &mut [Option<MultiplexedConnection>]) -> Message {
    let mut command = redis::cmd("BZPOPMIN");
    command.arg(shared.keys.messages(channel)).arg(BLOCK.as_secs());
    let mut backoff = Backoff::default();
    loop {
        let host = shared.next_host();
        match pop(&shared.servers[host], &command, &mut connections[host]).await {
            Ok(None) => backoff = Backoff::default(),
            Ok(Some(stored)) => match shared.body.read(&stored) {
                Ok(addressed) => return addressed.message,
                Err(error) => shared.local().iter().for_each(|local| local.unreadable(&error)),
            },
            Err(error) => {
                tracing::warn!(%error, %channel, "a general channel cannot be fetched from; trying again");
                backoff.wait().await;
            }
        }
    }
}

/// Waits for a message at one server, over a connection that is opened when there is none.
async fn pop(
    server: &Server,
    command: &Cmd,
    connection: &mut Option<MultiplexedConnection>,
) -> Result<Option<Vec<u8>>, LayerError> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => server.another().await?,
    };
    let popped: Option<(String, Vec<u8>, f64)> = server.wait(&mut open, command, BLOCK).await?;
    // One that has failed is not used again.
    *connection = Some(open);
    Ok(popped.map(|(_, stored, _)| stored))
}
