//! The consumers of a process, and its last events for as long as somebody watches.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    channels::{Group, fanout::KindRef},
    message::Message,
    names::GroupName,
};

/// How many events are kept.
const MOST: usize = 200;

/// How many characters of an event's name are kept, which other processes choose.
const MAX_NAME: usize = 100;

/// For how long after the last look somebody watches.
const WATCH: Duration = Duration::from_secs(5);

/// What one process remembers for an inspector.
#[derive(Debug, Default)]
pub(crate) struct Inspected {
    /// The types of consumers that a client has asked for; written by the first of them.
    kinds: RwLock<Vec<KindRef>>,
    /// Whether somebody may be watching, so that an event costs one look when nobody is.
    watched: AtomicBool,
    tail: Mutex<Tail>,
}

#[derive(Debug, Default)]
struct Tail {
    events: VecDeque<Told>,
    /// The number of the next event.
    next: u64,
    until: Option<Instant>,
}

/// One event; never its payload.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) number: u64,
    pub(crate) event: String,
    /// The group, or nothing when it went to one channel.
    pub(crate) group: Option<GroupName>,
    /// How many members it was for in this process.
    pub(crate) members: usize,
    pub(crate) at: Instant,
}

impl Inspected {
    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client asks for a consumer of this type.
    pub(crate) fn meet(&self, kind: KindRef) {
        let knows = |kinds: &Vec<KindRef>| kinds.iter().any(|known| known.id() == kind.id());
        if knows(&self.kinds.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        if !knows(&kinds) {
            kinds.push(kind);
        }
    }

    pub(crate) fn kinds(&self) -> Vec<KindRef> {
        self.kinds.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An event goes to a group with these members, or to one channel.
    pub(crate) fn tell(&self, message: &Message, name: Option<&GroupName>, group: Option<&Group>) {
        if self.watched.load(Ordering::Relaxed) {
            let members = if name.is_some() { group.map_or(0, Group::size) } else { 1 };
            self.note(message.name(), name, members);
        }
    }

    fn note(&self, event: &str, group: Option<&GroupName>, members: usize) {
        let mut tail = self.tail();
        let at = Instant::now();
        if tail.until.is_none_or(|until| until < at) {
            // Nobody has looked for a while.
            self.watched.store(false, Ordering::Relaxed);
            tail.events = VecDeque::new();
            return;
        }
        if tail.events.len() >= MOST {
            tail.events.pop_front();
        }
        let (number, event) = (tail.next, event.chars().take(MAX_NAME).collect());
        tail.next += 1;
        tail.events.push_back(Told { number, event, group: group.cloned(), members, at });
    }

    /// Somebody looks: the events since the first look, the newest first. From now on others are noted.
    pub(crate) fn watch(&self) -> Vec<Told> {
        let mut tail = self.tail();
        let now = Instant::now();
        if tail.until.is_none_or(|until| until < now) {
            tail.events.clear();
        }
        tail.until = Some(now + WATCH);
        self.watched.store(true, Ordering::Relaxed);
        tail.events.iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn events_are_kept_while_somebody_watches_and_bounded() {
        let inspected = Inspected::default();
        let message = Message::from_value(serde_json::json!({ "type": "a".repeat(1000) })).unwrap();
        inspected.tell(&message, None, None);
        assert!(inspected.watch().is_empty(), "nobody has watched");
        for _ in 0..MOST + 5 {
            inspected.tell(&message, None, None);
        }
        let tail = inspected.watch();
        assert_eq!((tail.len(), tail[0].number, tail[0].event.len()), (MOST, MOST as u64 + 4, MAX_NAME));
        tokio::time::advance(WATCH + Duration::from_secs(1)).await;
        inspected.tell(&message, None, None);
        assert!(!inspected.watched.load(Ordering::Relaxed));
        assert_eq!(inspected.tail().events.capacity(), 0, "nothing is kept for nobody");
        assert!(inspected.watch().is_empty());
    }
}
