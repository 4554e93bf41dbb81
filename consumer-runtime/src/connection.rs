//! One connection: what others may do to it, and the task that lives its life.
//!
//! ```text
//! socket → decoder → life (one thing at a time) → handler → Connection::push ─┐
//! group send → fan-out → Connection::accept → inbox | outgoing queue ─────────┴→ writer → socket
//! ```

mod accept;
mod answer;
mod closing;
#[cfg(feature = "deflate")]
mod compression;
#[cfg(not(feature = "deflate"))]
#[path = "connection/no_compression.rs"]
mod compression;
mod drive;
mod frames;
mod handshake;
mod inbox;
mod life;
mod outgoing;
mod pump;
mod questions;
mod rate;
mod receive;
mod request;
mod socket;

pub(crate) use compression::{Session, Shared};
pub(crate) use handshake::{Handshake, Upgrade};
pub(crate) use inbox::{Arriving, Inbox, Waiting};
pub(crate) use life::{Admission, Watch, live};
pub(crate) use questions::Question;

use std::{
    collections::HashSet,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use atomic_waker::AtomicWaker;
use axum::http::HeaderMap;
use bytes::Bytes;

use crate::{
    channels::fanout::Kind,
    close::{Cause, Close, CloseCode, Disconnect},
    counters::Counters,
    error::{Error, Result},
    names::{ChannelName, GroupName},
    settings::{Overflow, Settings},
};
use accept::Accept;
use frames::Frames;
use outgoing::Outgoing;
use questions::Questions;

/// What the rest of the process holds of one connection.
///
/// Owned by the connection's task, its [`Context`](crate::Context)s and the groups that it is in. The lock is held for
/// a few instructions and never while user code runs.
pub(crate) struct Connection {
    name: ChannelName,
    /// Its consumer's type.
    kind: &'static dyn Kind,
    settings: Arc<Settings>,
    counters: Arc<Counters>,
    /// How its messages are compressed.
    session: Session,
    /// Written by everyone who has something for this connection; read by its task.
    state: Mutex<State>,
    /// Wakes the task; set by the task alone.
    task: AtomicWaker,
    /// Whether the connection has ended, so that fan-out need not take the lock to see it.
    over: AtomicBool,
    /// Whether the client was ever asked anything, so that other connections need not look for replies.
    asked: AtomicBool,
}

struct State {
    inbox: Inbox,
    outgoing: Outgoing,
    /// The groups it is in, so that leaving them all needs no help from user code.
    groups: HashSet<GroupName>,
    /// What the response will say; `None` once the connection is accepted.
    accept: Option<Accept>,
    /// The subprotocol that was agreed on.
    subprotocol: Option<String>,
    /// Set once, by the first who ends the connection.
    ending: Option<Disconnect>,
    /// Whether the socket takes nothing any more; set by the task, before the end comes in its turn.
    cut_off: bool,
    /// Handlers and others that wait for room in the outgoing queue.
    waiting_for_room: Vec<Waker>,
    /// What the client was asked; `None` before the first question.
    questions: Option<Box<Questions>>,
    /// Whether the client's side is over, so that no reply can come.
    no_replies: bool,
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
        kind: &'static dyn Kind,
        settings: Arc<Settings>,
        counters: Arc<Counters>,
        inbox: Inbox,
        offered: Vec<String>,
        subprotocol: Option<String>,
    ) -> Self {
        let state = State {
            inbox,
            outgoing: Outgoing::new(settings.max_outgoing),
            groups: HashSet::new(),
            accept: Some(Accept { offered, headers: HeaderMap::new() }),
            subprotocol,
            ending: None,
            cut_off: false,
            waiting_for_room: Vec::new(),
            questions: None,
            no_replies: false,
        };
        Self {
            name,
            kind,
            settings,
            counters,
            session: Session::default(),
            state: Mutex::new(state),
            task: AtomicWaker::new(),
            over: AtomicBool::new(false),
            asked: AtomicBool::new(false),
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
    pub(crate) fn encode(&self, frame: Bytes) -> Bytes {
        self.session.encode(frame, &self.counters)
    }

    /// A handler that panicked did so without this lock, so a poisoned one holds sound data all the same.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn name(&self) -> &ChannelName {
        &self.name
    }

    pub(crate) fn kind(&self) -> &'static dyn Kind {
        self.kind
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Remembers a group; false when it was in already.
    pub(crate) fn note_group(&self, group: &GroupName) -> bool {
        let mut state = self.state();
        state.ending.is_none() && state.groups.insert(group.clone())
    }

    /// Forgets a group; false when it was not in.
    pub(crate) fn forget_group(&self, group: &GroupName) -> bool {
        self.state().groups.remove(group)
    }

    /// Forgets all groups and hands them over, for whoever takes the connection out of them.
    pub(crate) fn take_groups(&self) -> HashSet<GroupName> {
        std::mem::take(&mut self.state().groups)
    }

    /// Whether it has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Takes what a group or a direct send has for this connection.
    ///
    /// A frame goes straight to the outgoing queue, unless something waits that came before it.
    pub(crate) fn accept(&self, arriving: Arriving) -> Result<(), Full> {
        if self.is_over() {
            self.counters.gone(1);
            return Ok(());
        }
        let mut state = self.state();
        if state.ending.is_some() {
            // It has ended meanwhile: nobody would ever take it, nor drop the answer that it owes.
            self.counters.gone(1);
            return Ok(());
        }
        match state.inbox.accept(arriving) {
            inbox::Accepted::Waits => {}
            inbox::Accepted::Straight(frame) => self.deliver(&mut state, frame),
            inbox::Accepted::Full => {
                self.counters.channel_full();
                return Err(Full);
            }
        }
        drop(state);
        self.task.wake();
        Ok(())
    }

    /// Moves frames that wait to the socket's batch, and wakes who waits for room.
    fn drain_outgoing(&self, batch: &mut Frames, bytes: usize) {
        let mut state = self.state();
        state.outgoing.drain_to(batch, bytes);
        for waker in state.waiting_for_room.drain(..) {
            waker.wake();
        }
    }

    /// The next thing that waits for this connection's consumer, after the frames before it went out.
    fn next_waiting(&self) -> Option<Waiting> {
        let mut state = self.state();
        loop {
            match state.inbox.next(&self.counters)? {
                inbox::Next::Frame(frame) => self.deliver(&mut state, frame),
                inbox::Next::Event(event) => {
                    self.counters.delivered(1);
                    return Some(event);
                }
            }
        }
    }

    /// The handler of an event has returned: frames that waited for it may go.
    fn event_done(&self) {
        self.state().inbox.idle();
    }

    /// A shared handler's frame, whose turn has come.
    fn deliver(&self, state: &mut State, frame: Bytes) {
        if self.push_over(state, frame) {
            self.counters.delivered(1);
        }
    }

    /// Puts a frame into the outgoing queue without waiting: the policy decides when it is full. False when it is dropped.
    fn push_over(&self, state: &mut State, frame: Bytes) -> bool {
        if state.ending.is_some() || state.cut_off {
            self.counters.outgoing_dropped(1);
            return false;
        }
        if state.outgoing.has_room(frame.len()) {
            state.outgoing.push(frame);
            return true;
        }
        match self.settings.overflow {
            Overflow::DropNewest => self.counters.outgoing_dropped(1),
            Overflow::DropOldest => {
                let dropped = state.outgoing.make_room(frame.len());
                self.counters.outgoing_dropped(dropped);
                state.outgoing.push(frame);
                return true;
            }
            Overflow::Close => {
                self.counters.outgoing_dropped(state.outgoing.clear() + 1);
                tracing::warn!(
                    channel = %self.name,
                    "the client reads too slowly: more than `max_outgoing` ({} bytes) wait for it; closing with 1013",
                    self.settings.max_outgoing
                );
                let code = CloseCode::TRY_AGAIN_LATER;
                self.end_with(state, Disconnect::new(code.get(), "too slow", Cause::Overflow));
            }
        }
        false
    }

    /// Puts a frame of a handler into the outgoing queue, or waits until there is room.
    pub(crate) fn poll_push(&self, frame: &Bytes, context: &mut Context<'_>) -> Poll<Result> {
        let mut state = self.state();
        if state.ending.is_some() || state.cut_off {
            return Poll::Ready(Err(Closed.into()));
        }
        if !state.outgoing.has_room(frame.len()) {
            if state.accept.is_some() {
                // Nothing leaves before the connection is accepted, so there would never be room.
                let text = "`#[connect]` sends more than `max_outgoing`; send it after the connect";
                return Poll::Ready(Err(Error::msg(text)));
            }
            if !state.waiting_for_room.iter().any(|waker| waker.will_wake(context.waker())) {
                state.waiting_for_room.push(context.waker().clone());
            }
            return Poll::Pending;
        }
        state.outgoing.push(frame.clone());
        drop(state);
        self.task.wake();
        Poll::Ready(Ok(()))
    }

    /// Puts a frame of the runtime itself (reply, error frame) into the outgoing queue.
    fn push(&self, frame: Bytes) {
        let frame = self.encode(frame);
        let mut state = self.state();
        self.push_over(&mut state, frame);
        drop(state);
        self.task.wake();
    }

    /// The socket takes nothing any more. A handler that waits for room is told at once, since it holds up everything
    /// that was read before the line was cut, the end included.
    fn cut_off(&self) {
        let mut state = self.state();
        state.cut_off = true;
        self.counters.outgoing_dropped(state.outgoing.clear());
        for waker in state.waiting_for_room.drain(..) {
            waker.wake();
        }
    }

    /// Closes on behalf of the consumer.
    pub(crate) fn close(&self, close: Close) {
        self.end(Disconnect::new(close.code().get(), close.reason(), Cause::Consumer));
    }

    /// Ends the connection; only the first ending counts.
    pub(crate) fn end(&self, ending: Disconnect) {
        let mut state = self.state();
        self.end_with(&mut state, ending);
        drop(state);
        self.task.wake();
    }

    fn end_with(&self, state: &mut State, ending: Disconnect) {
        if state.ending.is_none() {
            state.ending = Some(ending);
            self.over.store(true, Ordering::Release);
            self.counters.gone(state.inbox.clear());
            if let Some(questions) = &mut state.questions {
                questions.clear();
            }
            for waker in state.waiting_for_room.drain(..) {
                waker.wake();
            }
        }
    }

    /// How the connection ended, if it did.
    fn ending(&self) -> Option<Disconnect> {
        if self.is_over() { self.state().ending.clone() } else { None }
    }
}

/// The channel holds as many messages as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;
