//! The default layer: this process's memory.

mod work;

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::{ChannelCapacity, ChannelLayer, LayerError, LayerFuture, Reach, WorkQueue};
use crate::{
    channels::Local,
    message::Message,
    names::{ChannelName, GroupName},
};

/// A layer in memory, for one process.
///
/// Its behaviour is that of Django Channels' `InMemoryChannelLayer` without its known faults: a full or expired channel
/// never throws others out of their groups, and nothing is copied. A clone is the same layer, so that several
/// [`Channels`](crate::Channels) built on it speak to each other like processes do over Redis.
#[derive(Clone)]
pub struct MemoryLayer(Arc<Shared>);

struct Shared {
    capacity: usize,
    channel_capacity: ChannelCapacity,
    expiry: Duration,
    state: Mutex<State>,
    /// How much of an acknowledged channel may be undone.
    work_capacity: usize,
    work: work::Work,
}

/// How much of an acknowledged channel may be undone.
const WORK_CAPACITY: usize = 10_000;

#[derive(Default)]
struct State {
    /// Written when channels are built on this layer. Weak, since they own the layer.
    processes: Vec<Weak<Local>>,
    /// General channels with something in them or somebody waiting.
    queues: HashMap<ChannelName, Queue>,
    /// When the queues that nobody uses are looked for again.
    next_sweep: Option<Instant>,
}

#[derive(Default)]
struct Queue {
    messages: VecDeque<(Message, Instant)>,
    waiting: usize,
    arrived: Arc<Notify>,
}

impl Queue {
    /// Drops what is too old and says how much that was; all messages live equally long, so the oldest stand in front.
    fn expire(&mut self, now: Instant) -> usize {
        let expired = self.messages.iter().take_while(|(_, expires)| *expires <= now).count();
        self.messages.drain(..expired);
        expired
    }
}

impl Default for MemoryLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLayer").field("capacity", &self.0.capacity).field("expiry", &self.0.expiry).finish()
    }
}

impl MemoryLayer {
    /// A layer whose general channels hold 100 messages for 60 seconds.
    pub fn new() -> Self {
        Self::with(100, Duration::from_secs(60), [])
    }

    /// A layer whose general channels hold `capacity` messages for `expiry`, or as many as `channel_capacity` says: patterns
    /// as in `[("thumbnails-*", 10)]`, or none, `[]`.
    ///
    /// Messages of acknowledged channels do not expire; 10,000 of each may be undone.
    pub fn with(capacity: usize, expiry: Duration, channel_capacity: impl Into<ChannelCapacity>) -> Self {
        let channel_capacity = channel_capacity.into();
        Self(Arc::new(Shared {
            capacity,
            channel_capacity,
            expiry,
            state: Mutex::default(),
            work_capacity: WORK_CAPACITY,
            work: work::Work::default(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn processes(&self) -> Vec<Arc<Local>> {
        let mut state = self.state();
        state.processes.retain(|process| process.strong_count() > 0);
        state.processes.iter().filter_map(Weak::upgrade).collect()
    }

    fn capacity(&self, channel: &ChannelName) -> usize {
        self.0.channel_capacity.of(channel.as_str()).unwrap_or(self.0.capacity)
    }

    fn put(&self, channel: ChannelName, message: Message) -> Result<(), LayerError> {
        let capacity = self.capacity(&channel);
        let now = Instant::now();
        let mut state = self.state();
        let mut expired = state.sweep(now, self.0.expiry);
        let queue = state.queues.entry(channel.clone()).or_default();
        expired += queue.expire(now);
        let full = queue.messages.len() >= capacity;
        if !full {
            queue.messages.push_back((message, now + self.0.expiry));
            queue.arrived.notify_one();
        }
        drop(state);
        self.count(expired, full);
        if full { Err(LayerError::ChannelFull { channel }) } else { Ok(()) }
    }

    /// A general channel belongs to no process, so the first one that is there counts what was dropped from it.
    fn count(&self, expired: usize, full: bool) {
        if expired == 0 && !full {
            return;
        }
        if let Some(process) = self.processes().first() {
            process.counters().expired(expired);
            if full {
                process.counters().channel_full();
            }
        }
    }
}

impl State {
    /// Cleans up the channels that nobody reads, now and then, on behalf of one who writes; how many messages that were.
    fn sweep(&mut self, now: Instant, every: Duration) -> usize {
        if self.next_sweep.is_some_and(|sweep| sweep > now) {
            return 0;
        }
        self.next_sweep = Some(now + every);
        let mut expired = 0;
        self.queues.retain(|_, queue| {
            expired += queue.expire(now);
            queue.waiting > 0 || !queue.messages.is_empty()
        });
        expired
    }
}

/// A receiver in a queue's count, also when its future is dropped.
struct Receiver {
    layer: MemoryLayer,
    channel: ChannelName,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let mut state = self.layer.state();
        if let Some(queue) = state.queues.get_mut(&self.channel) {
            queue.waiting -= 1;
            if queue.messages.is_empty() {
                if queue.waiting == 0 {
                    state.queues.remove(&self.channel);
                }
            } else {
                // It may have been woken for a message that it no longer takes.
                queue.arrived.notify_one();
            }
        }
    }
}

impl Receiver {
    fn new(layer: MemoryLayer, channel: ChannelName) -> Self {
        layer.state().queues.entry(channel.clone()).or_default().waiting += 1;
        Self { layer, channel }
    }

    fn take(&self) -> Result<Message, Arc<Notify>> {
        let mut state = self.layer.state();
        let queue = state.queues.entry(self.channel.clone()).or_default();
        let now = Instant::now();
        let expired = queue.expire(now);
        let taken = queue.messages.pop_front().map(|(message, _)| message);
        let arrived = Arc::clone(&queue.arrived);
        drop(state);
        self.layer.count(expired, false);
        taken.ok_or(arrived)
    }

    async fn receive(self) -> Message {
        loop {
            match self.take() {
                Ok(message) => return message,
                // A message that came in between has left its permit.
                Err(arrived) => arrived.notified().await,
            }
        }
    }
}

impl ChannelLayer for MemoryLayer {
    fn attach(&self, local: Arc<Local>) {
        self.state().processes.push(Arc::downgrade(&local));
    }

    fn subscribe(&self, _: GroupName) -> LayerFuture {
        LayerFuture::ready(Ok(()))
    }

    fn unsubscribe(&self, _: GroupName) -> LayerFuture {
        LayerFuture::ready(Ok(()))
    }

    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture<Reach> {
        let processes = self.processes();
        let reach = Reach::Processes(processes.len());
        let mut crowded = Vec::new();
        for process in processes {
            let delivering = process.deliver_to_group(&group, &message);
            if !delivering.is_done() {
                crowded.push(delivering);
            }
        }
        if crowded.is_empty() {
            return LayerFuture::ready(Ok(reach));
        }
        LayerFuture::boxed(async move {
            for delivering in crowded {
                delivering.await;
            }
            Ok(reach)
        })
    }

    fn send(&self, channel: ChannelName, message: Message) -> LayerFuture {
        if channel.as_str() == channel.process_part() {
            return LayerFuture::ready(self.put(channel, message));
        }
        let process = self.processes().into_iter().find(|process| process.owns(&channel));
        match process {
            Some(process) => LayerFuture::ready(process.deliver_to_channel(&channel, &message)),
            // A process that is gone, with all its connections.
            None => LayerFuture::ready(Ok(())),
        }
    }

    fn receive(&self, channel: ChannelName) -> LayerFuture<Message> {
        let receiver = Receiver::new(self.clone(), channel);
        LayerFuture::boxed(async move { Ok(receiver.receive().await) })
    }

    fn flush(&self) -> LayerFuture {
        for queue in self.state().queues.values_mut() {
            queue.messages.clear();
        }
        LayerFuture::ready(Ok(()))
    }

    fn work(&self) -> Option<&dyn WorkQueue> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::channels::Channels;

    #[tokio::test]
    async fn the_capacity_of_the_channels_is_that_of_their_own_layer() {
        let channels = Channels::builder().capacity(1).build();
        channels.untyped().send("jobs", json!({"type": "work.do"})).await.unwrap();
        assert!(channels.untyped().send("jobs", json!({"type": "work.do"})).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_general_channel_drops_is_counted() {
        let layer = MemoryLayer::with(2, Duration::from_secs(60), []);
        let channels = Channels::builder().layer(layer.clone()).build();
        let send = |channel: &'static str| channels.untyped().send(channel, json!({"type": "work.do"}));
        send("unread").await.unwrap();
        send("jobs").await.unwrap();
        send("jobs").await.unwrap();
        assert!(send("jobs").await.unwrap_err().to_string().contains("full"));
        assert_eq!(channels.counts().channel_full, 1);

        tokio::time::advance(Duration::from_secs(61)).await;
        send("jobs").await.unwrap();
        assert_eq!(channels.counts().expired, 3, "two in the way, and one that nobody ever reads");
        assert_eq!(layer.state().queues.len(), 1, "a channel that is empty and unread takes no memory");
        channels.untyped().receive("jobs").await.unwrap();
        assert_eq!(layer.state().queues.len(), 0);
    }
}
