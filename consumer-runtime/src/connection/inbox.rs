//! What waits for a connection's consumer, in the order in which it was sent.

use std::{any::Any, sync::Arc};

use tokio::time::Instant;

use super::{clock::Clock, outgoing::Chunk, spare::Spare};
use crate::{channels::Owed, counters::Counters};

/// What comes out of the fan-out for one connection.
#[derive(Debug)]
pub(crate) enum Arriving {
    /// A whole text frame that a shared handler made.
    Frame(Chunk),
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
    queue: Spare<(Arriving, Instant)>,
    /// Whether frames must wait: before the connection is open, and while an event's handler runs.
    held: bool,
}

pub(super) enum Accepted {
    Waits,
    Straight(Chunk),
    Full,
}

pub(super) enum Next {
    Frame(Chunk),
    Event(Waiting),
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self { queue: Spare::default(), held: true }
    }

    /// Whether a frame may go out at once.
    pub(super) fn lets_pass(&self) -> bool {
        !self.held && self.queue.is_empty()
    }

    /// Whether something waits that the consumer, or the queue to the client, could take now.
    pub(super) fn has_next(&self) -> bool {
        !self.queue.is_empty()
    }

    pub(super) fn accept(&mut self, arriving: Arriving, expires: Instant, capacity: usize) -> Accepted {
        match arriving {
            Arriving::Frame(frame) if self.lets_pass() => Accepted::Straight(frame),
            _ if self.queue.len() >= capacity => Accepted::Full,
            arriving => {
                self.queue.push_back((arriving, expires));
                Accepted::Waits
            }
        }
    }

    /// The next thing that has not expired; an event holds up what comes after it until [`idle`](Self::idle).
    pub(super) fn next(&mut self, clock: &mut Clock, counters: &Counters) -> Option<Next> {
        self.held = false;
        while let Some((arriving, expires)) = self.queue.pop_front() {
            if expires < clock.now() {
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
        None
    }

    /// The event's handler has returned.
    pub(super) fn idle(&mut self) {
        self.held = false;
    }

    /// Gives back the memory of a queue that has run empty.
    pub(super) fn rest(&mut self) {
        self.queue.rest();
    }

    /// Drops everything, and says how much that was.
    pub(super) fn clear(&mut self) -> usize {
        let dropped = self.queue.len();
        self.queue = Spare::default();
        dropped
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;

    fn event(name: &'static str) -> Arriving {
        Arriving::Event(Waiting { name, event: Arc::new(()), owed: None })
    }

    fn frame() -> Arriving {
        Arriving::Frame(Chunk::frame(Bytes::from_static(b"x")))
    }

    fn accept(inbox: &mut Inbox, arriving: Arriving) -> Accepted {
        inbox.accept(arriving, Instant::now() + Duration::from_secs(60), 10)
    }

    #[tokio::test(start_paused = true)]
    async fn a_frame_never_overtakes_an_event() {
        let counters = Counters::default();
        let mut inbox = Inbox::new();
        assert!(matches!(accept(&mut inbox, frame()), Accepted::Waits), "before the connection is open");
        assert!(matches!(inbox.next(&mut Clock::default(), &counters), Some(Next::Frame(_))));
        assert!(matches!(accept(&mut inbox, frame()), Accepted::Straight(_)));
        assert!(matches!(accept(&mut inbox, event("a")), Accepted::Waits));
        assert!(matches!(accept(&mut inbox, frame()), Accepted::Waits), "behind the event");
        assert!(matches!(inbox.next(&mut Clock::default(), &counters), Some(Next::Event(_))));
        assert!(matches!(accept(&mut inbox, frame()), Accepted::Waits), "while its handler runs");
        assert!(!inbox.lets_pass());
        inbox.idle();
        assert!(matches!(inbox.next(&mut Clock::default(), &counters), Some(Next::Frame(_))));
        assert!(matches!(inbox.next(&mut Clock::default(), &counters), Some(Next::Frame(_))));
        assert!(inbox.next(&mut Clock::default(), &counters).is_none());
        assert!(matches!(accept(&mut inbox, frame()), Accepted::Straight(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_bounded_and_forgets() {
        let counters = Counters::default();
        let mut inbox = Inbox::new();
        let in_a_minute = || Instant::now() + Duration::from_secs(60);
        assert!(matches!(inbox.accept(event("a"), in_a_minute(), 2), Accepted::Waits));
        tokio::time::advance(Duration::from_secs(59)).await;
        assert!(matches!(inbox.accept(event("b"), in_a_minute(), 2), Accepted::Waits));
        assert!(matches!(inbox.accept(event("c"), in_a_minute(), 2), Accepted::Full));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(matches!(inbox.next(&mut Clock::default(), &counters), Some(Next::Event(Waiting { name: "b", .. }))));
        assert_eq!(counters.snapshot().expired, 1);
    }
}
