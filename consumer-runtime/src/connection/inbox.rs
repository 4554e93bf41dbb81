//! What waits for a connection's consumer, in the order in which it was sent.

use std::{any::Any, collections::VecDeque, sync::Arc};

use tokio::time::Instant;

use super::{clock::Clock, outgoing::Chunk, spare::Spare};
use crate::{channels::Owed, close::RemoteClose, counters::Counters};

/// An event that waits for its handler: the consumer's own event enum, shared by all members of its type. Or a
/// [`RemoteClose`], which waits for its turn among them.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) event: Arc<dyn Any + Send + Sync>,
    /// The answer that somebody waits for.
    pub(crate) owed: Option<Owed>,
}

impl Waiting {
    /// Whether it is taken however much waits, and however late.
    pub(super) fn is_close(&self) -> bool {
        self.event.is::<RemoteClose>()
    }
}

/// Something that waits, and until when it is worth handling.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) what: What,
    pub(super) expires: Instant,
}

#[derive(Debug)]
pub(super) enum What {
    Event(Waiting),
    /// A whole text frame that a shared handler made. In a box, since it seldom has to wait here.
    Frame(Box<Chunk>),
}

/// Events, and the frames that came after one.
#[derive(Debug)]
pub(crate) struct Inbox {
    queue: Spare<Entry>,
    /// Whether frames must wait: before the connection is open, and while an event's handler runs.
    held: bool,
    /// How many are taken and still wait for their turn.
    taken: u16,
}

pub(super) enum Accepted {
    Waits,
    Straight(Chunk),
    Full,
}

pub(super) enum Next {
    Frame(Chunk),
    /// An event, and what waits behind it.
    Events(VecDeque<Entry>),
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self { queue: Spare::default(), held: true, taken: 0 }
    }

    /// Whether a frame may go out at once.
    pub(super) fn lets_pass(&self) -> bool {
        !self.held && self.queue.is_empty()
    }

    /// Whether something waits that the consumer, or the queue to the client, could take now.
    pub(super) fn has_next(&self) -> bool {
        !self.queue.is_empty()
    }

    fn is_full(&self, capacity: usize) -> bool {
        self.queue.len() + usize::from(self.taken) >= capacity
    }

    pub(super) fn accept_frame(&mut self, frame: Chunk, expires: Instant, capacity: usize) -> Accepted {
        if self.lets_pass() {
            return Accepted::Straight(frame);
        }
        if self.is_full(capacity) {
            return Accepted::Full;
        }
        self.queue.push_back(Entry { what: What::Frame(Box::new(frame)), expires });
        Accepted::Waits
    }

    /// False when the channel is full.
    pub(super) fn accept_event(&mut self, event: Waiting, expires: Instant, capacity: usize) -> bool {
        let has_room = !self.is_full(capacity);
        if has_room {
            self.queue.push_back(Entry { what: What::Event(event), expires });
        }
        has_room
    }

    /// A frame that waits before everything else; or what else waits, up to `most` things, of which the first is an event.
    /// These hold up what comes after them until [`give_back`](Self::give_back).
    pub(super) fn next(&mut self, most: usize, clock: &mut Clock, counters: &Counters) -> Option<Next> {
        self.held = false;
        while let Some(first) = self.queue.front() {
            if first.expires < clock.now() {
                counters.expired(1);
                self.queue.pop_front();
                continue;
            }
            if matches!(first.what, What::Event(_)) {
                let events = self.queue.take(most);
                self.held = true;
                // One of them is being handled.
                self.taken = u16::try_from(events.len()).unwrap_or(u16::MAX).saturating_sub(1);
                return Some(Next::Events(events));
            }
            if let Some(Entry { what: What::Frame(frame), .. }) = self.queue.pop_front() {
                return Some(Next::Frame(*frame));
            }
        }
        None
    }

    /// What was taken is handled, but for these.
    pub(super) fn give_back(&mut self, left: VecDeque<Entry>) {
        self.held = false;
        self.taken = 0;
        for entry in left.into_iter().rev() {
            self.queue.push_front(entry);
        }
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

    fn in_a_minute() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    fn event(inbox: &mut Inbox, name: &'static str) -> bool {
        let event = Waiting { event: Arc::new(name), owed: None };
        inbox.accept_event(event, in_a_minute(), 3)
    }

    fn frame(inbox: &mut Inbox) -> Accepted {
        inbox.accept_frame(Chunk::frame(Bytes::from_static(b"x")), in_a_minute(), 3)
    }

    fn next(inbox: &mut Inbox, counters: &Counters) -> Option<Next> {
        inbox.next(2, &mut Clock::default(), counters)
    }

    /// The names of events, and `-` for a frame.
    fn names(next: Option<Next>) -> String {
        let name = |entry: &Entry| match &entry.what {
            What::Event(event) => *event.event.downcast_ref::<&str>().unwrap(),
            What::Frame(_) => "-",
        };
        match next {
            Some(Next::Events(events)) => events.iter().map(name).collect(),
            Some(Next::Frame(_)) => "a lone frame".into(),
            None => String::new(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_frame_never_overtakes_an_event() {
        let counters = Counters::default();
        let mut inbox = Inbox::new();
        assert!(matches!(frame(&mut inbox), Accepted::Waits), "before the connection is open");
        assert!(matches!(next(&mut inbox, &counters), Some(Next::Frame(_))));
        assert!(matches!(frame(&mut inbox), Accepted::Straight(_)));
        assert!(event(&mut inbox, "a"));
        assert!(matches!(frame(&mut inbox), Accepted::Waits), "behind the event");
        assert_eq!(names(next(&mut inbox, &counters)), "a-");
        assert!(matches!(frame(&mut inbox), Accepted::Waits), "while its handler runs");
        assert!(!inbox.lets_pass());
        inbox.give_back(VecDeque::new());
        assert!(matches!(next(&mut inbox, &counters), Some(Next::Frame(_))));
        assert!(next(&mut inbox, &counters).is_none());
        assert!(matches!(frame(&mut inbox), Accepted::Straight(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_taken_and_waits_is_counted_and_comes_first_when_it_is_given_back() {
        let counters = Counters::default();
        let mut inbox = Inbox::new();
        assert!(["a", "b", "c"].iter().all(|name| event(&mut inbox, name)));
        let Some(Next::Events(mut left)) = next(&mut inbox, &counters) else { panic!("two events") };
        left.pop_front();
        assert!(event(&mut inbox, "d"), "one is being handled, and waits no more");
        assert!(!event(&mut inbox, "e") && matches!(frame(&mut inbox), Accepted::Full));
        inbox.give_back(left);
        assert_eq!(names(next(&mut inbox, &counters)), "bc");
        inbox.give_back(VecDeque::new());
        assert_eq!(names(next(&mut inbox, &counters)), "d");
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_bounded_and_forgets() {
        let counters = Counters::default();
        let mut inbox = Inbox::new();
        assert!(event(&mut inbox, "a"));
        tokio::time::advance(Duration::from_secs(59)).await;
        assert!(event(&mut inbox, "b") && event(&mut inbox, "c") && !event(&mut inbox, "d"));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(names(next(&mut inbox, &counters)), "bc");
        assert_eq!(counters.snapshot().expired, 1);
    }
}
