//! What has come for a general channel of this process, until somebody receives.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{Notify, futures::Notified},
    time::Instant,
};

use crate::{channels::Local, message::Message};

/// Between two receives messages wait, so that none is missed: as many as a channel holds, for as long as they are worth it.
#[derive(Debug, Default)]
pub(super) struct Line {
    messages: Mutex<VecDeque<(Message, Instant)>>,
    arrived: Notify,
}

impl Line {
    fn messages(&self) -> MutexGuard<'_, VecDeque<(Message, Instant)>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What finds no room is dropped and counted.
    pub(super) fn put(&self, message: Message, local: &Local) {
        let mut messages = self.messages();
        if messages.len() >= local.capacity() {
            return local.counters().channel_full();
        }
        messages.push_back((message, Instant::now() + local.expiry()));
        drop(messages);
        self.arrived.notify_one();
    }

    /// The next that is still worth something; others are counted, while there is somebody to do it.
    pub(super) fn take(&self, local: Option<&Local>) -> Option<Message> {
        let mut messages = self.messages();
        let now = Instant::now();
        while let Some((message, expires)) = messages.pop_front() {
            if now < expires {
                return Some(message);
            }
            if let Some(local) = local {
                local.counters().expired(1);
            }
        }
        None
    }

    /// Done when there may be something to take.
    pub(super) fn arrived(&self) -> Notified<'_> {
        self.arrived.notified()
    }

    /// Drops everything that waits.
    pub(super) fn clear(&self) {
        self.messages().clear();
    }
}
