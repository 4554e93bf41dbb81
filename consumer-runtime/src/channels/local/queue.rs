//! A channel of this process that no connection owns.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use crate::{
    connection::Full,
    counters::Counters,
    message::Message,
    names::{ChannelName, GroupName},
};

/// Messages for one receiver, bounded in number and age.
#[derive(Debug)]
pub(crate) struct Queue {
    name: ChannelName,
    capacity: usize,
    expiry: Duration,
    /// Written by senders and by the one receiver.
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct State {
    messages: VecDeque<(Message, Instant)>,
    groups: HashSet<GroupName>,
}

impl Queue {
    pub(super) fn new(name: ChannelName, capacity: usize, expiry: Duration) -> Self {
        Self { name, capacity, expiry, state: Mutex::default(), arrived: Notify::new() }
    }

    pub(super) fn name(&self) -> &ChannelName {
        &self.name
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn put(&self, message: Message, counters: &Counters) -> Result<(), Full> {
        let mut state = self.state();
        if state.messages.len() >= self.capacity {
            counters.channel_full();
            return Err(Full);
        }
        state.messages.push_back((message, Instant::now() + self.expiry));
        drop(state);
        counters.delivered(1);
        self.arrived.notify_one();
        Ok(())
    }

    fn take(&self, counters: &Counters) -> Option<Message> {
        let mut state = self.state();
        while let Some((message, expires)) = state.messages.pop_front() {
            if expires > Instant::now() {
                return Some(message);
            }
            counters.expired(1);
        }
        None
    }

    pub(crate) async fn receive(&self, counters: &Counters) -> Message {
        loop {
            match self.take(counters) {
                Some(message) => return message,
                // One receiver, so the permit of a message that came in between is its own.
                None => self.arrived.notified().await,
            }
        }
    }

    pub(crate) fn note_group(&self, group: &GroupName) -> bool {
        self.state().groups.insert(group.clone())
    }

    pub(crate) fn forget_group(&self, group: &GroupName) -> bool {
        self.state().groups.remove(group)
    }

    pub(crate) fn take_groups(&self) -> HashSet<GroupName> {
        std::mem::take(&mut self.state().groups)
    }
}
