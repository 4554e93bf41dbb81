//! General channels: what is published for whoever receives.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{channels::Local, layer::line::Line, message::Message, names::ChannelName};

/// The channels that this process has ever received from. Between two receives messages wait, so none is missed.
#[derive(Default)]
pub(in crate::layer::redis) struct General(Mutex<HashMap<ChannelName, Arc<Line>>>);

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
        line.put(message, local);
    }

    pub(in crate::layer::redis) async fn receive(&self, channel: &ChannelName, local: Option<&Local>) -> Message {
        let line = Arc::clone(self.lines().entry(channel.clone()).or_default());
        loop {
            match line.take(local) {
                Some(message) => return message,
                None => line.arrived().await,
            }
        }
    }

    pub(in crate::layer::redis) fn flush(&self) {
        for line in self.lines().values() {
            line.clear();
        }
    }
}
