//! General channels: what is published for whoever receives.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::Notify, time::Instant};

use crate::{channels::Local, message::Message, names::ChannelName};

/// The channels that this process has ever received from. Between two receives messages wait, so none is missed.
#[derive(Default)]
pub(in crate::layer::redis) struct General(Mutex<HashMap<ChannelName, Arc<Line>>>);

#[derive(Default)]
struct Line {
    messages: Mutex<VecDeque<(Message, Instant)>>,
    arrived: Notify,
}

impl Line {
    fn messages(&self) -> MutexGuard<'_, VecDeque<(Message, Instant)>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Message> {
        let mut messages = self.messages();
        let now = Instant::now();
        while let Some((message, expires)) = messages.pop_front() {
            if now < expires {
                return Some(message);
            }
        }
        None
    }
}

impl General {
    fn lines(&self) -> MutexGuard<'_, HashMap<ChannelName, Arc<Line>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True when nobody has received from it before, so that it is to be subscribed to.
    pub(in crate::layer::redis) fn open(&self, channel: &ChannelName) -> bool {
        match self.lines().entry(channel.clone()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(Arc::default());
                true
            }
        }
    }

    /// What came is dropped when nobody receives, and when too much waits already.
    pub(in crate::layer::redis) fn put(&self, channel: &ChannelName, message: Message, local: &Local) {
        let Some(line) = self.lines().get(channel).cloned() else { return local.counters().gone(1) };
        let mut messages = line.messages();
        if messages.len() >= local.capacity() {
            return local.counters().channel_full();
        }
        messages.push_back((message, Instant::now() + local.expiry()));
        drop(messages);
        line.arrived.notify_one();
    }

    pub(in crate::layer::redis) async fn receive(&self, channel: &ChannelName) -> Message {
        let line = Arc::clone(self.lines().entry(channel.clone()).or_default());
        loop {
            match line.take() {
                Some(message) => return message,
                None => line.arrived.notified().await,
            }
        }
    }

    pub(in crate::layer::redis) fn flush(&self) {
        for line in self.lines().values() {
            line.messages().clear();
        }
    }
}
