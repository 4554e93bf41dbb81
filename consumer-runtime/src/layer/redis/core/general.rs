//! General channels: what several processes fetch from, each message once.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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

/// How long a fetch waits at the only server.
const BLOCK: Duration = Duration::from_secs(1);

/// How long it waits at one of several, since a message may come to another meanwhile.
const SHORTLY: Duration = Duration::from_millis(100);

/// The channels that this process has ever received from.
#[derive(Default)]
pub(super) struct General(Mutex<HashMap<ChannelName, Arc<Line>>>);

/// Who waits on a channel, and what was fetched for them.
#[derive(Default)]
struct Line {
    state: Mutex<State>,
    arrived: Notify,
    /// Told when there may be more to fetch, or something to give back.
    wanted: Notify,
    /// Told when nothing is on its way for receivers that are gone.
    settled: Notify,
}

#[derive(Default)]
struct State {
    fetched: VecDeque<Fetched>,
    /// How many wait now: no more is fetched ahead.
    waiting: usize,
    /// Whether a fetch, or something given back, is on its way.
    busy: bool,
}

/// A message, and what it takes to give it back.
struct Fetched {
    message: Message,
    host: usize,
    stored: Vec<u8>,
    score: f64,
}

/// One who waits, until it is served or dropped.
struct Waiting<'a> {
    line: &'a Line,
    served: bool,
}

impl<'a> Waiting<'a> {
    fn on(line: &'a Line) -> Self {
        line.state().waiting += 1;
        line.wanted.notify_one();
        Self { line, served: false }
    }

    fn take(&mut self) -> Option<Message> {
        let mut state = self.line.state();
        let fetched = state.fetched.pop_front()?;
        state.waiting -= 1;
        drop(state);
        self.served = true;
        // Another who waits may have been told of it, so one more may be wanted.
        self.line.wanted.notify_one();
        Some(fetched.message)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.served {
            self.line.state().waiting -= 1;
            // What was fetched for it is another's.
            self.line.wanted.notify_one();
        }
    }
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to give back what was fetched for somebody who is gone.
    fn surplus(&self) -> Option<Fetched> {
        let mut state = self.state();
        let surplus = if state.fetched.len() > state.waiting { state.fetched.pop_back() } else { None };
        state.busy = surplus.is_some();
        surplus
    }

    /// Begins a fetch, when somebody waits for it.
    fn begins(&self) -> bool {
        let mut state = self.state();
        state.busy = state.fetched.len() < state.waiting;
        state.busy
    }

    fn is_settled(&self) -> bool {
        let state = self.state();
        state.waiting > 0 || (!state.busy && state.fetched.is_empty())
    }
}

/// The next message of a channel.
pub(super) async fn receive(
    shared: &Arc<Shared>,
    channel: &ChannelName,
    over: CancellationToken,
) -> Result<Message, LayerError> {
    let line = open(shared, channel, over);
    let mut waiting = Waiting::on(&line);
    loop {
        let arrived = line.arrived.notified();
        if let Some(message) = waiting.take() {
            return Ok(message);
        }
        arrived.await;
    }
}

/// Waits until what was fetched for receivers that are gone is back in Redis, unless others wait for it.
pub(super) async fn stop(shared: &Shared, channel: &ChannelName) -> Result<(), LayerError> {
    let line = shared.general.0.lock().unwrap_or_else(PoisonError::into_inner).get(channel).cloned();
    let Some(line) = line else { return Ok(()) };
    loop {
        let settled = line.settled.notified();
        tokio::pin!(settled);
        settled.as_mut().enable();
        if line.is_settled() {
            return Ok(());
        }
        settled.await;
    }
}

/// As [`stop`], for every channel that was ever received from.
pub(super) async fn stop_all(shared: &Shared) -> Result<(), LayerError> {
    let channels: Vec<_> = shared.general.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
    for channel in channels {
        stop(shared, &channel).await?;
    }
    Ok(())
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

/// Fetches one for each who waits, and gives back what nobody waits for any longer.
async fn fetch_all(shared: &Shared, channel: &ChannelName, line: &Line) {
    // A connection to each server for this channel alone, since what blocks on one holds up all else there.
    let mut connections: Vec<Option<MultiplexedConnection>> = shared.servers.iter().map(|_| None).collect();
    loop {
        while let Some(surplus) = line.surplus() {
            give_back(shared, channel, line, surplus).await;
        }
        if !line.begins() {
            line.settled.notify_waiters();
            line.wanted.notified().await;
            continue;
        }
        let fetched = fetch(shared, channel, line, &mut connections).await;
        if let Some(fetched) = fetched {
            line.state().fetched.push_back(fetched);
            line.arrived.notify_one();
        }
    }
}

/// Puts a message back in its place, or keeps it for who comes next until its server is there again.
async fn give_back(shared: &Shared, channel: &ChannelName, line: &Line, fetched: Fetched) {
    let key = shared.keys.messages(channel);
    let mut commands = redis::pipe();
    commands.cmd("ZADD").arg(&key).arg(fetched.score).arg(&fetched.stored).ignore();
    commands.cmd("EXPIRE").arg(&key).arg(shared.expiry.as_secs().max(1)).ignore();
    if let Err(error) = shared.servers[fetched.host].ask_all::<()>(&commands).await {
        tracing::warn!(%error, %channel, "a message that nobody waits for cannot be given back; trying again");
        line.state().fetched.push_front(fetched);
        line.arrived.notify_one();
        Backoff::default().wait().await;
    }
}

/// One message, from whatever server has one; nothing when nobody waits for it any longer.
async fn fetch(
    shared: &Shared,
    channel: &ChannelName,
    line: &Line,
    connections: &mut [Option<MultiplexedConnection>],
) -> Option<Fetched> {
    let (key, hosts) = (shared.keys.messages(channel), shared.servers.len());
    let block = if hosts == 1 { BLOCK } else { SHORTLY };
    let (mut look, mut wait) = (redis::cmd("ZPOPMIN"), redis::cmd("BZPOPMIN"));
    look.arg(&key).arg(1);
    wait.arg(&key);
    // A fraction needs Redis 6.
    match hosts {
        1 => wait.arg(block.as_secs()),
        _ => wait.arg(block.as_secs_f64()),
    };
    // How many servers in a row had nothing: one is waited at only once all have been looked at.
    let (mut empty, mut backoff) = (0, Backoff::default());
    while line.begins() {
        let host = shared.next_host();
        let (server, connection) = (&shared.servers[host], &mut connections[host]);
        let waits = hosts == 1 || empty == hosts;
        let popped = match waits {
            true => pop(server, &wait, block, connection).await,
            false => peek(server, &look, connection).await,
        };
        match popped {
            Ok(None) => {
                backoff = Backoff::default();
                empty = if waits { 0 } else { empty + 1 };
            }
            Ok(Some((stored, score))) => match shared.body.read(&stored) {
                Ok(addressed) => return Some(Fetched { message: addressed.message, host, stored, score }),
                Err(error) => shared.local().iter().for_each(|local| local.unreadable(&error)),
            },
            Err(error) => {
                tracing::warn!(%error, %channel, "a general channel cannot be fetched from; trying again");
                backoff.wait().await;
            }
        }
    }
    None
}

/// What is stored, and its score.
type Stored = (Vec<u8>, f64);

/// Waits for a message at one server.
async fn pop(
    server: &Server,
    command: &Cmd,
    block: Duration,
    connection: &mut Option<MultiplexedConnection>,
) -> Result<Option<Stored>, LayerError> {
    let popped: Option<(String, Vec<u8>, f64)> = ask(server, command, block, connection).await?;
    Ok(popped.map(|(_, stored, score)| (stored, score)))
}

/// Takes a message from one server, if there is one now.
async fn peek(
    server: &Server,
    command: &Cmd,
    connection: &mut Option<MultiplexedConnection>,
) -> Result<Option<Stored>, LayerError> {
    let popped: Vec<Stored> = ask(server, command, Duration::ZERO, connection).await?;
    Ok(popped.into_iter().next())
}

/// Asks over a connection that is opened when there is none.
async fn ask<T: redis::FromRedisValue>(
    server: &Server,
    command: &Cmd,
    block: Duration,
    connection: &mut Option<MultiplexedConnection>,
) -> Result<T, LayerError> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => server.another().await?,
    };
    let answer = server.wait(&mut open, command, block).await?;
    // One that has failed is not used again.
    *connection = Some(open);
    Ok(answer)
}
