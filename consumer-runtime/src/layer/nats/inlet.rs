//! A subscription that hands over each message at the moment when it comes.

use std::{
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use async_nats::{Message, Subscriber};
use futures_util::StreamExt;
use tokio::task::coop::unconstrained;

/// Who takes what comes, at once and without waiting.
pub(super) trait Take: Send + Sync + 'static {
    fn take(&self, message: Message);
}

/// A subscription as long as this lives.
#[derive(Debug)]
pub(super) struct Inlet<T: Take>(Arc<Shared<T>>);

/// The client gives each subscription a queue of its own. Tasks that wait at these queues would bring messages of several
/// subjects out of order, and there would be one for each group. So nobody waits there: whoever puts a message into the
/// queue, the one task that reads the connection, calls the waker of who waits for it, and this waker takes the message
/// out before it returns. What comes from one connection is taken in the order in which it came.
#[derive(Debug)]
struct Shared<T> {
    /// `None` when it is over. Held by whoever drains it, and to end it.
    subscriber: Mutex<Option<Subscriber>>,
    /// How often it was woken since it was found empty; the first one drains it for all.
    woken: AtomicUsize,
    to: Arc<T>,
}

impl<T: Take> Inlet<T> {
    pub(super) fn new(subscriber: Subscriber, to: Arc<T>) -> Self {
        let shared = Arc::new(Shared { subscriber: Mutex::new(Some(subscriber)), woken: AtomicUsize::new(0), to });
        // Leaves its waker there.
        shared.wake_by_ref();
        Self(shared)
    }
}

impl<T: Take> Drop for Inlet<T> {
    /// The queue holds the waker, and the waker the queue: one has to go.
    fn drop(&mut self) {
        let subscriber = self.0.subscriber.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(subscriber);
    }
}

impl<T: Take> Shared<T> {
    fn drain(&self, context: &mut Context<'_>) {
        let mut subscriber = self.subscriber.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(open) = &mut *subscriber {
            // The budget of the task that this happens to run in is none of its business.
            match pin!(unconstrained(open.next())).poll(context) {
                Poll::Ready(Some(message)) => self.to.take(message),
                Poll::Ready(None) => *subscriber = None,
                Poll::Pending => return,
            }
        }
    }
}

impl<T: Take> Wake for Shared<T> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Also when a drain that is under way calls, from within.
        if self.woken.fetch_add(1, Ordering::AcqRel) > 0 {
            return;
        }
        let waker = Waker::from(Arc::clone(self));
        let mut seen = 1;
        loop {
            self.drain(&mut Context::from_waker(&waker));
            match self.woken.compare_exchange(seen, 0, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return,
                Err(more) => seen = more,
            }
        }
    }
}
