//! General channels: of several processes that receive, one gets each message.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use super::shared::{Now, Shared};
use crate::{
    channels::Local,
    layer::{LayerError, line::Line},
    message::Message,
    names::ChannelName,
};

/// How long a channel is received from at least.
const LEAST: Duration = Duration::from_secs(1);

/// The channels that this process receives from.
#[derive(Default)]
pub(super) struct General(Mutex<HashMap<ChannelName, Arc<Kept>>>);

/// What waits in this process, and who receives.
struct Kept {
    line: Line,
    receivers: AtomicUsize,
    /// When somebody last received, or began to.
    used: Mutex<Instant>,
}

impl Kept {
    fn new() -> Self {
        Self { line: Line::default(), receivers: AtomicUsize::new(0), used: Mutex::new(Instant::now()) }
    }

    fn used(&self) -> MutexGuard<'_, Instant> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who receives, until it has a message or gives up.
struct Receiver(Arc<Kept>);

impl Drop for Receiver {
    fn drop(&mut self) {
        *self.0.used() = Instant::now();
        self.0.receivers.fetch_sub(1, Ordering::AcqRel);
    }
}

impl General {
    fn lines(&self) -> MutexGuard<'_, HashMap<ChannelName, Arc<Kept>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops everything that waits.
    pub(super) fn flush(&self) {
        for kept in self.lines().values() {
            kept.line.clear();
        }
    }

    /// Receives from no channel any more, and gives what waits.
    pub(super) fn close(&self) -> Vec<(ChannelName, Message)> {
        let mut waiting = Vec::new();
        for (channel, kept) in self.lines().drain() {
            while let Some(message) = kept.line.take(None) {
                waiting.push((channel.clone(), message));
            }
        }
        waiting
    }
}

/// The next message for this process.
pub(super) async fn receive(shared: &Arc<Shared>, channel: &ChannelName) -> Result<Message, LayerError> {
    let Some(local) = shared.arrivals.local() else {
        return Err(LayerError::Away { reason: "its process is over".into() });
    };
    let receiver = open(shared, channel, &local);
    let line = &receiver.0.line;
    // What has waited is there, whatever becomes of the server.
    if let Some(message) = line.take(Some(&local)) {
        return Ok(message);
    }
    shared.subscribe(&shared.subjects.channel(channel)).await?;
    loop {
        let over = shared.over.cancelled();
        match line.take(Some(&local)) {
            Some(message) => return Ok(message),
            None => tokio::select! {
                () = line.arrived() => {}
                () = over => return Err(LayerError::Away { reason: "it was drained".into() }),
            },
        }
    }
}

/// A channel's line, which is kept from now on for as long as it is used.
fn open(shared: &Arc<Shared>, channel: &ChannelName, local: &Local) -> Receiver {
    let mut lines = shared.general.lines();
    let kept = match lines.get(channel) {
        Some(kept) => Arc::clone(kept),
        None => {
            let kept = Arc::new(Kept::new());
            lines.insert(channel.clone(), Arc::clone(&kept));
            shared.want(shared.subjects.channel(channel));
            let (shared, channel, looked_after) = (Arc::clone(shared), channel.clone(), Arc::clone(&kept));
            // So that what waits then is still worth something to others.
            let unused = (local.expiry() / 2).max(LEAST);
            tokio::spawn(async move {
                let unused = until_unused(&shared, &channel, &looked_after, unused);
                // What ends the layer takes care of what waits.
                if shared.over.run_until_cancelled(unused).await.is_some() {
                    give_up(&shared, &channel, &looked_after).await;
                }
            });
            kept
        }
    };
    // Under the lock, so that nobody gives it up meanwhile.
    kept.receivers.fetch_add(1, Ordering::AcqRel);
    Receiver(kept)
}

/// Waits until nobody has received for this long, and takes the line away.
async fn until_unused(shared: &Shared, channel: &ChannelName, kept: &Kept, unused: Duration) {
    loop {
        let until = *kept.used() + unused;
        sleep_until(until).await;
        let mut lines = shared.general.lines();
        if kept.receivers.load(Ordering::Acquire) > 0 {
            *kept.used() = Instant::now();
        } else if *kept.used() + unused <= Instant::now() {
            lines.remove(channel);
            // Under the lock as well: whoever receives from now on wants it again.
            shared.unwant(&shared.subjects.channel(channel));
            return;
        }
    }
}

/// Leaves a channel to others, together with what has waited here.
async fn give_up(shared: &Shared, channel: &ChannelName, kept: &Kept) {
    shared.unsubscribe(&shared.subjects.channel(channel)).await;
    let local = shared.arrivals.local();
    while let Some(message) = kept.line.take(local.as_deref()) {
        pass_on(shared, channel, &message).await;
    }
}

/// A message has come for who receives.
pub(super) fn put(shared: &Arc<Shared>, channel: ChannelName, message: Message, local: &Local) {
    // Held until the message is in, so that nobody gives the line up meanwhile.
    let lines = shared.general.lines();
    let Some(kept) = lines.get(&channel) else {
        drop(lines);
        // It was on its way when the line was given up.
        let shared = Arc::clone(shared);
        tokio::spawn(async move { pass_on(&shared, &channel, &message).await });
        return;
    };
    kept.line.put(message, local);
}

/// Gives a message to who else receives.
async fn pass_on(shared: &Shared, channel: &ChannelName, message: &Message) {
    let now = shared.link.borrow().clone();
    match now {
        Now::Up(link) => shared.give_back(&link, channel, message).await,
        Now::Starting | Now::Away(_) | Now::Drained => {
            if let Some(local) = shared.arrivals.local() {
                local.counters().gone(1);
            }
        }
    }
}
