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
mod inbox;
mod intake;
#[cfg(test)]
mod interleavings;
mod life;
mod open;
mod outgoing;
mod piece;
mod questions;
mod rate;
mod receive;
mod request;
mod run;
mod socket;
mod spare;
mod turn;
mod writer;

pub(crate) use compression::{Session, Shared};
pub(crate) use connect::Admission;
pub(crate) use groups::Joined;
pub(crate) use handshake::Handshake;
pub(crate) use inbox::{Inbox, Waiting};
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
    task::{Context, Waker},
};

use tokio::time::Instant;

use crate::{
    channels::{
        Local,
        fanout::{Kind, KindRef},
    },
    close::{Cause, Close, Disconnect},
    counters::Counters,
    names::ChannelName,
    settings::Settings,
};
use accept::Accept;
use groups::Groups;
use outgoing::Outgoing;
use questions::Questions;
use spare::Spare;
use turn::Turn;
use writer::Way;

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
    /// Whether a handler of the box that runs now has waited; written by the task, for that box.
    waited: AtomicBool,
    /// Whether the client was ever asked anything, so that other connections need not look for replies.
    asked: AtomicBool,
    /// Whether the client has closed or the line is lost, so that nothing that is sent now is read by anybody. Written by
    /// the task, for the handler that it runs.
    gone: AtomicBool,
}

struct State {
    turn: Turn,
    inbox: Inbox,
    outgoing: Outgoing,
    way: Way,
    /// What compressed messages refer to, if they do; taken by who is writing.
    context: compression::Kept,
    /// Since when the socket takes nothing.
    stuck: Option<Box<Instant>>,
    /// Whether the alarm has rung since the task last looked.
    rang: bool,
    /// Wakes the task; set by the task alone.
    waker: Option<Waker>,
    /// What the response will say; `None` once the connection is accepted.
    accept: Option<Box<Accept>>,
    /// The subprotocol that was agreed on.
    #[expect(clippy::box_collection, reason = "most connections have none")]
    subprotocol: Option<Box<String>>,
    /// Set once, by the first who ends the connection.
    ending: Option<Box<Disconnect>>,
    /// Whether the socket takes nothing any more, before the end comes in its turn.
    cut_off: bool,
    /// Whether the task has not seen yet that the line was cut off.
    cut_unseen: bool,
    /// Whether the client's side is over, so that no reply can come.
    no_replies: bool,
    /// Handlers and others that wait for room in the outgoing queue.
    waiting_for_room: Spare<Waker>,
    /// What the client was asked; `None` before the first question.
    questions: Option<Box<Questions>>,
}

impl State {
    /// Who waits for room looks again.
    fn wake_waiting(&mut self) {
        while let Some(waker) = self.waiting_for_room.pop_front() {
            waker.wake();
        }
        self.waiting_for_room.rest();
    }
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
        let state = State {
            turn: Turn::default(),
            inbox: Inbox::new(),
            outgoing: Outgoing::default(),
            way: Way::Closed,
            context: Default::default(),
            stuck: None,
            rang: false,
            waker: None,
            accept: Some(Box::new(Accept::new(offered))),
            subprotocol: subprotocol.map(|name| Box::new(name.to_owned())),
            ending: None,
            cut_off: false,
            cut_unseen: false,
            no_replies: false,
            waiting_for_room: Spare::default(),
            questions: None,
        };
        Self {
            name,
            kind,
            settings,
            local,
            session: Session::default(),
            state: Mutex::new(state),
            groups: Groups::default(),
            over: AtomicBool::new(false),
            // Looked at once, to let frames pass from then on.
            inbox_waits: AtomicBool::new(true),
            left: AtomicBool::new(false),
            grouped: AtomicBool::new(false),
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
    fn attend(&self) -> bool {
        let mut state = self.state();
        state.turn.attend();
        std::mem::take(&mut state.rang)
    }

    /// Since when the socket takes nothing.
    fn stuck(&self) -> Option<Instant> {
        self.state().stuck.as_deref().copied()
    }

    /// The task has nothing to do until it is woken, unless there is something new.
    fn rest(&self, busy: bool, waits: bool, context: &Context<'_>) -> Rest {
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
    fn has_waited(&self) -> bool {
        self.waited.load(Ordering::Relaxed)
    }

    fn note_waited(&self, waited: bool) {
        self.waited.store(waited, Ordering::Relaxed);
    }

    /// The client has closed, or the line is lost: nothing that is sent now is read by anybody.
    fn client_is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }
}

/// Whether the task may rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// It is woken when something comes.
    Asleep,
    /// Something came, so it must look again.
    News,
    /// The line was cut off, which is told once.
    CutOff,
}

/// The channel holds as many messages as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;
