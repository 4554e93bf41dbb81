//! What waits for a connection's consumer, in the order in which it was sent.

use std::{any::Any, collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::time::Instant;

use crate::{channels::Owed, counters::Counters};

/// What comes out of the fan-out for one connection.
#[derive(Debug)]
pub(crate) enum Arriving {
    /// A whole text frame that a shared handler made.
    Frame(Bytes),
    /// An event for a handler with `self`: the consumer's own event enum, shared by all members of its type.
    Event(Waiting),
}

/// An event that waits for its handler.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) name: &'static str,
    pub(crate) event: Arc<dyn Any + Send + Sync>,
    /// The answer that somebody waits for.
    pub(crate) owed: Option<Owed>,
}

/// Events, and the frames that came after one.
#[derive(Debug)]
pub(crate) struct Inbox {
    queue: VecDeque<(Arriving, Instant)>,
    capacity: usize,
    expiry: Duration,
    /// Whether frames must wait: before the connection is open, and while an event's handler runs.
    held: bool,
}

pub(super) enum Accepted {
    Waits,
    Straight(Bytes),
    Full,
}

pub(super) enum Next {
    Frame(Bytes),
    Event(Waiting),
}

impl Inbox {
    pub(crate) fn new(capacity: usize, expiry: Duration) -> Self {
        Self { queue: VecDeque::new(), capacity, expiry, held: true }
    }

    pub(super) fn accept(&mut self, arriving: Arriving) -> Accepted {
        match arriving {
            Arriving::Frame(frame) if !self.held && self.queue.is_empty() => Accepted::Straight(frame),
            _ if self.queue.len() >= self.capacity => Accepted::Full,
            arriving => {
                self.queue.push_back((arriving, Instant::now() + self.expiry));
                Accepted::Waits
            }
        }
    }

    /// The next thing that has not expired; an event holds up what comes after it until [`idle`](Self::idle).
    pub(super) fn next(&mut self, counters: &Counters) -> Option<Next> {
        self.held = false;
        let mut now = None;
        while let Some((arriving, expires)) = self.queue.pop_front() {
            if expires < *now.get_or_insert_with(Instant::now) {
                counters.expired(1);
                continue;
            }
            return Some(match arriving {
                Arriving::Frame(frame) => Next::Frame(frame),
                Arriving::Event(event) => {
                    self.held = true;
                    Next::Event(event)
                }
            });
        }
        self.queue = VecDeque::new();
        None
    }

    /// The event's handler has returned.
    pub(super) fn idle(&mut self) {
        self.held = false;
    }

    /// Drops everything, and says how much that was.
    pub(super) fn clear(&mut self) -> usize {
        let dropped = self.queue.len();
        self.queue = VecDeque::new();
        dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &'static str) -> Arriving {
        Arriving::Event(Waiting { name, event: Arc::new(()), owed: None })
    }

    fn frame() -> Arriving {
        Arriving::Frame(Bytes::from_static(b"x"))
    }

    #[tokio::test(start_paused = true)]
    async fn a_frame_never_overtakes_an_event() {
        let counters = Counters::default();
        let mut inbox = Inbox::new(10, Duration::from_secs(60));
        assert!(matches!(inbox.accept(frame()), Accepted::Waits), "before the connection is open");
        assert!(matches!(inbox.next(&counters), Some(Next::Frame(_))));
        assert!(matches!(inbox.accept(frame()), Accepted::Straight(_)));
        assert!(matches!(inbox.accept(event("a")), Accepted::Waits));
        assert!(matches!(inbox.accept(frame()), Accepted::Waits), "behind the event");
        assert!(matches!(inbox.next(&counters), Some(Next::Event(_))));
        assert!(matches!(inbox.accept(frame()), Accepted::Waits), "while its handler runs");
        inbox.idle();
        assert!(matches!(inbox.next(&counters), Some(Next::Frame(_))));
        assert!(matches!(inbox.next(&counters), Some(Next::Frame(_))));
        assert!(inbox.next(&counters).is_none());
        assert!(matches!(inbox.accept(frame()), Accepted::Straight(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_bounded_and_forgets() {
        let counters = Counters::default();
        let mut inbox = Inbox::new(2, Duration::from_secs(60));
        assert!(matches!(inbox.accept(event("a")), Accepted::Waits));
        tokio::time::advance(Duration::from_secs(59)).await;
        assert!(matches!(inbox.accept(event("b")), Accepted::Waits));
        assert!(matches!(inbox.accept(event("c")), Accepted::Full));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(matches!(inbox.next(&counters), Some(Next::Event(Waiting { name: "b", .. }))));
        assert_eq!(counters.snapshot().expired, 1);
    }
}
