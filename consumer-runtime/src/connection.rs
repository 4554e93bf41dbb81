//! One connection: what others may do to it, and the task that lives its life.
//!
//! ```text
//! socket → decoder → life (one thing at a time) → handler → Connection::push ─┐
//! group send → fan-out → Connection::accept → inbox | outgoing queue ─────────┴→ writer → socket
//! ```

/// A span that costs nothing while nobody looks: one for every frame and event would, even when it is turned off.
macro_rules! debug_span {
    ($($field:tt)*) => {
        if tracing::enabled!(tracing::Level::DEBUG) { tracing::debug_span!($($field)*) } else { tracing::Span::none() }
    };
}

mod accept;
mod answer;
mod arrivals;
mod clock;
mod closing;
#[cfg(feature = "deflate")]
mod compression;
#[cfg(not(feature = "deflate"))]
#[path = "connection/no_compression.rs"]
mod compression;
mod connect;
mod few;
mod groups;
mod guard;
mod handshake;
mod heart;
mod heartbeat;
mod inbox;
mod intake;
#[cfg(test)]
mod interleavings;
mod joins;
mod lease;
mod life;
mod open;
mod outgoing;
mod piece;
mod questions;
mod rate;
mod receive;
mod request;
mod rest;
mod run;
mod socket;
mod spare;
mod state;
mod turn;
mod writer;

pub(crate) use compression::{Session, Shared};
pub(crate) use connect::Admission;
pub(crate) use groups::Joined;
pub(crate) use handshake::Handshake;
pub(crate) use inbox::Waiting;
pub(crate) use life::{Life, Watch};
pub(crate) use outgoing::Chunk;
pub(crate) use piece::Piece;
pub(crate) use questions::Question;
pub(crate) use turn::Nudge;

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    channels::{
        Local,
        fanout::{Kind, KindRef},
    },
    close::{Cause, Close, Disconnect},
    counters::Counters,
    inspecting::Seen,
    meters::Meters,
    names::ChannelName,
    settings::Settings,
};
use groups::Groups;
use outgoing::Outgoing;
use rest::Rest;
use state::State;

/// What the rest of the process holds of one connection.
///
/// Owned by the connection's task, its [`Context`](crate::Context)s and the groups that it is in. The lock is held for
/// a few instructions, never during a system call, and never while user code runs.
pub(crate) struct Connection {
    name: ChannelName,
    /// Its consumer's type.
    kind: KindRef,
    settings: Arc<Settings>,
    local: Arc<Local>,
    /// How its messages are compressed.
    session: Session,
    /// What an inspector is shown of it.
    seen: Seen,
    /// Written by everyone who has something for this connection; read by its task.
    state: Mutex<State>,
    /// The groups it is in, so that leaving them all needs no help from user code. Taken before a group's lock, and that
    /// before `state`.
    groups: Groups,
    /// Whether the connection has ended, so that fan-out need not take the lock to see it.
    over: AtomicBool,
    /// Whether something may wait in the inbox, so that the task need not take the lock to see that nothing does. Written
    /// under the lock.
    inbox_waits: AtomicBool,
    /// Whether it has left all its groups for good; written under their lock.
    left: AtomicBool,
    /// Whether it was ever in a group, so that what it sends need not look for what it has to follow.
    grouped: AtomicBool,
    /// Whether it was ever said for how long it may stay, so that other connections need not look.
    leased: AtomicBool,
    /// Whether a handler of the box that runs now has waited; written by the task, for that box.
    waited: AtomicBool,
    /// Whether the client was ever asked anything, so that other connections need not look for replies.
    asked: AtomicBool,
    /// Whether the client has closed or the line is lost, so that nothing that is sent now is read by anybody. Written by
    /// the task, for the handler that it runs.
    gone: AtomicBool,
}

/// The connection is over, so nothing can be sent on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed")
    }
}

impl std::error::Error for Closed {}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Connection {
    pub(crate) fn new(
        name: ChannelName,
        kind: KindRef,
        settings: Arc<Settings>,
        local: Arc<Local>,
        offered: Vec<String>,
        subprotocol: Option<&str>,
    ) -> Self {
        Self {
            name,
            kind,
            settings,
            local,
            session: Session::default(),
            seen: Seen::default(),
            state: Mutex::new(State::new(offered, subprotocol)),
            groups: Groups::default(),
            over: AtomicBool::new(false),
            // Looked at once, to let frames pass from then on.
            inbox_waits: AtomicBool::new(true),
            left: AtomicBool::new(false),
            grouped: AtomicBool::new(false),
            leased: AtomicBool::new(false),
            waited: AtomicBool::new(false),
            asked: AtomicBool::new(false),
            gone: AtomicBool::new(false),
        }
    }

    /// The same, with messages compressed as the handshake says.
    pub(crate) fn compressed(mut self, session: Session) -> Self {
        self.session = session;
        self
    }

    /// The same, with what is known of its client.
    pub(crate) fn seen(mut self, seen: Seen) -> Self {
        self.seen = seen;
        self
    }

    /// What an inspector is shown of it.
    #[cfg(feature = "inspector")]
    pub(crate) fn as_seen(&self) -> &Seen {
        &self.seen
    }

    /// How its messages are compressed.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// A whole frame of this connection alone, as it goes into the outgoing queue.
    pub(crate) fn encode(&self, frame: impl Into<Piece>) -> Piece {
        let frame = frame.into();
        if self.session.is_plain() { frame } else { self.session.encode(frame.into_bytes(), self.counters()).into() }
    }

    /// A handler that panicked did so without this lock, so a poisoned one holds sound data all the same.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn name(&self) -> &ChannelName {
        &self.name
    }

    pub(crate) fn kind(&self) -> &'static dyn Kind {
        *self.kind
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn local(&self) -> &Arc<Local> {
        &self.local
    }

    pub(crate) fn counters(&self) -> &Counters {
        self.local.counters()
    }

    pub(crate) fn meters(&self) -> &Meters {
        self.local.meters()
    }

    /// How many bytes wait for the socket; what is being written just now is none of them.
    #[cfg(any(feature = "inspector", feature = "metrics"))]
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.state().outgoing.bytes()
    }

    /// It was accepted, and is over now.
    fn note_end(&self) {
        self.counters().ended();
        self.meters().closed(self.kind().consumer(), || self.ending().unwrap_or_else(Disconnect::lost));
    }

    /// Whether it has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// The socket takes nothing any more. A handler that waits for room is told at once, since it holds up everything
    /// that was read before the line was cut, the end included.
    fn cut_off(&self) {
        let mut guard = self.state();
        let state = &mut *guard;
        state.cut_off = true;
        state.cut_unseen = true;
        state.stuck = None;
        state.turn.unblock();
        self.counters().outgoing_dropped(state.outgoing.clear());
        state.outgoing = Outgoing::default();
        state.wake_waiting();
        let nudge = state.turn.wake();
        drop(guard);
        self.close_way();
        self.give(nudge);
    }

    /// Whether nothing can be written any more.
    fn is_cut_off(&self) -> bool {
        self.state().cut_off
    }

    /// Closes on behalf of the consumer.
    pub(crate) fn close(&self, close: Close) {
        self.end(Disconnect::new(close.code().get(), close.reason(), Cause::Consumer));
    }

    /// Ends the connection; only the first ending counts.
    pub(crate) fn end(&self, ending: Disconnect) {
        let nudge = self.end_with(&mut self.state(), ending);
        self.give(nudge);
    }

    fn end_with(&self, state: &mut State, ending: Disconnect) -> Nudge {
        if state.ending.is_some() {
            return Nudge::Nothing;
        }
        state.ending = Some(Box::new(ending));
        self.over.store(true, Ordering::Release);
        self.counters().gone(state.inbox.clear());
        if let Some(questions) = &mut state.questions {
            questions.clear();
        }
        state.wake_waiting();
        state.turn.wake()
    }

    /// How the connection ended, if it did.
    fn ending(&self) -> Option<Disconnect> {
        if self.is_over() { self.state().ending.as_deref().cloned() } else { None }
    }

    /// The client has closed, or the line is lost: nothing that is sent now is read by anybody.
    fn client_is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }
}

/// The channel holds as many messages as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;
