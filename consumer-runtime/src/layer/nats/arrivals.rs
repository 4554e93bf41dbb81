//! What has come, until this process can take it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
};

use async_nats::{Message, Subject};
use bytes::Bytes;
use tokio::sync::{Notify, oneshot};

use super::inlet::Take;
use crate::channels::Local;

/// What each message that waits takes beside its own bytes.
const OVERHEAD: usize = 128;

/// Messages of all subjects in the order in which they came, so many bytes at most.
#[derive(Debug)]
pub(super) struct Arrivals {
    waiting: Mutex<Waiting>,
    arrived: Notify,
    most: usize,
    local: OnceLock<Weak<Local>>,
}

#[derive(Debug, Default)]
struct Waiting {
    arrivals: VecDeque<Arrival>,
    bytes: usize,
}

/// What is to be handed on next.
#[derive(Debug)]
pub(super) enum Arrival {
    Message {
        subject: Subject,
        body: Bytes,
    },
    /// Told when everything before it is handed on.
    Mark(oneshot::Sender<()>),
}

impl Arrivals {
    pub(super) fn new(most: usize) -> Self {
        Self { waiting: Mutex::default(), arrived: Notify::new(), most, local: OnceLock::new() }
    }

    pub(super) fn set_local(&self, local: &Arc<Local>) {
        let _ = self.local.set(Arc::downgrade(local));
    }

    /// This process's end, as long as there is one.
    pub(super) fn local(&self) -> Option<Arc<Local>> {
        self.local.get()?.upgrade()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next one, for the only one who asks.
    pub(super) async fn next(&self) -> Arrival {
        loop {
            {
                let mut waiting = self.waiting();
                if let Some(arrival) = waiting.arrivals.pop_front() {
                    if let Arrival::Message { subject, body } = &arrival {
                        waiting.bytes -= size(subject, body);
                    }
                    return arrival;
                }
            }
            self.arrived.notified().await;
        }
    }

    /// Done when everything that has come so far is handed on.
    pub(super) fn mark(&self) -> oneshot::Receiver<()> {
        let (mark, reached) = oneshot::channel();
        self.waiting().arrivals.push_back(Arrival::Mark(mark));
        self.arrived.notify_one();
        reached
    }

    /// A message found no room: counted, and logged once.
    pub(super) fn overflow(&self) {
        let Some(local) = self.local() else { return };
        local.counters().channel_full();
        if local.first_time("overflow", "layer", "") {
            tracing::error!(
                "messages come faster from NATS than this process takes them, and some are dropped (logged once); \
                 raise `pending_bytes` if it is behind for a moment only"
            );
        }
    }
}

fn size(subject: &Subject, body: &Bytes) -> usize {
    subject.len() + body.len() + OVERHEAD
}

impl Take for Arrivals {
    fn take(&self, message: Message) {
        let Message { subject, payload: body, .. } = message;
        let size = size(&subject, &body);
        let mut waiting = self.waiting();
        // One has room in any case, however large.
        if waiting.bytes > 0 && waiting.bytes + size > self.most {
            drop(waiting);
            return self.overflow();
        }
        waiting.bytes += size;
        waiting.arrivals.push_back(Arrival::Message { subject, body });
        drop(waiting);
        self.arrived.notify_one();
    }
}
