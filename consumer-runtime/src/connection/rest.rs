//! When a connection's task rests, and what wakes it.

use std::{sync::atomic::Ordering, task::Context};

use tokio::time::Instant;

use super::{Connection, writer::Way};

/// Whether the task may rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// It is woken when something comes.
    Asleep,
    /// Something came, so it must look again.
    News,
    /// The line was cut off, which is told once.
    CutOff,
}

impl Connection {
    /// Wakes the task, if it has ever rested; it looks at everything when it begins anyway.
    pub(crate) fn wake(&self) {
        if let Some(waker) = &self.state().waker {
            waker.wake_by_ref();
        }
    }

    /// The time has come that the task has set itself.
    pub(crate) fn ring(&self) {
        let mut state = self.state();
        state.rang = true;
        let nudge = state.turn.wake();
        drop(state);
        self.give(nudge);
    }

    /// The task begins to look; true when its alarm has rung.
    pub(super) fn attend(&self) -> bool {
        let mut state = self.state();
        state.turn.attend();
        std::mem::take(&mut state.rang)
    }

    /// Since when the socket takes nothing.
    pub(super) fn stuck(&self) -> Option<Instant> {
        self.state().stuck.as_deref().copied()
    }

    /// The task has nothing to do until it is woken, unless there is something new.
    pub(super) fn rest(&self, busy: bool, waits: bool, context: &Context<'_>) -> Rest {
        let mut guard = self.state();
        let state = &mut *guard;
        if std::mem::take(&mut state.cut_unseen) {
            // It may have happened after the task has looked, and then nobody wakes it.
            return Rest::CutOff;
        }
        let to_handle = state.ending.is_some() || state.inbox.has_next();
        let to_write = !state.outgoing.is_empty() && !matches!(state.way, Way::Closed);
        if !state.turn.rest(busy, waits, to_handle, to_write) {
            return Rest::News;
        }
        if !state.waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
            state.waker = Some(context.waker().clone());
        }
        state.inbox.rest();
        Rest::Asleep
    }

    /// Whether a handler of the box that runs now has waited for something.
    pub(super) fn has_waited(&self) -> bool {
        self.waited.load(Ordering::Relaxed)
    }

    pub(super) fn note_waited(&self, waited: bool) {
        self.waited.store(waited, Ordering::Relaxed);
    }
}
