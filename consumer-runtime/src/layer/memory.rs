//! The default layer: this process's memory.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};
use wildmatch::WildMatch;

use super::{ChannelLayer, LayerError, LayerFuture};
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
    /// First match wins.
    patterns: Vec<(WildMatch, usize)>,
    expiry: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Written when channels are built on this layer. Weak, since they own the layer.
    processes: Vec<Weak<Local>>,
    /// General channels with something in them or somebody waiting.
    queues: HashMap<ChannelName, Queue>,
}

#[derive(Default)]
struct Queue {
    messages: VecDeque<(Message, Instant)>,
    waiting: usize,
    arrived: Arc<Notify>,
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

    /// A layer whose general channels hold `capacity` messages for `expiry`; the first of `patterns` that fits a
    /// channel's name (`*` and `?` as in a shell) gives it another capacity.
    pub fn with<'a>(capacity: usize, expiry: Duration, patterns: impl IntoIterator<Item = (&'a str, usize)>) -> Self {
        let patterns = patterns.into_iter().map(|(pattern, capacity)| (WildMatch::new(pattern), capacity)).collect();
        Self(Arc::new(Shared { capacity, patterns, expiry, state: Mutex::default() }))
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
        let pattern = self.0.patterns.iter().find(|(pattern, _)| pattern.matches(channel.as_str()));
        pattern.map_or(self.0.capacity, |(_, capacity)| *capacity)
    }

    fn put(&self, channel: ChannelName, message: Message) -> Result<(), LayerError> {
        let capacity = self.capacity(&channel);
        let mut state = self.state();
        let now = Instant::now();
        // Channels that nobody reads are cleaned up by those who write.
        state.queues.retain(|_, queue| {
            queue.messages.retain(|(_, expires)| *expires > now);
            queue.waiting > 0 || !queue.messages.is_empty()
        });
        let queue = state.queues.entry(channel.clone()).or_default();
        if queue.messages.len() >= capacity {
            return Err(LayerError::ChannelFull { channel });
        }
        queue.messages.push_back((message, now + self.0.expiry));
        queue.arrived.notify_one();
        Ok(())
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
        while let Some((message, expires)) = queue.messages.pop_front() {
            if expires > now {
                return Ok(message);
            }
        }
        Err(Arc::clone(&queue.arrived))
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

    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture {
        for process in self.processes() {
            process.deliver_to_group(&group, &message);
        }
        LayerFuture::ready(Ok(()))
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
}
