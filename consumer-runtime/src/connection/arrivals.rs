//! What comes for a connection: from groups, direct sends and its own handlers, into the inbox and the outgoing queue.

use std::{
    collections::VecDeque,
    sync::atomic::Ordering,
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::time::Instant;

use super::{
    Closed, Connection, Full, Nudge, Piece, State, Waiting,
    clock::Clock,
    heart::far_from_now,
    inbox::{self, Entry},
    outgoing::Chunk,
    run::BATCH,
};
use crate::{
    close::{Cause, CloseCode, Disconnect},
    error::{Error, Result},
    key::Key,
    settings::Overflow,
};

impl Connection {
    /// Takes a frame that a group or a direct send has for this connection; what is left to do then is the caller's.
    ///
    /// It goes straight to the outgoing queue, unless something waits that came before it. What does not fit is dropped and
    /// counted.
    pub(crate) fn accept(&self, frame: Chunk, expires: Instant) -> (Result<(), Full>, Nudge) {
        if self.is_over() {
            self.counters().gone(1);
            return (Ok(()), Nudge::Nothing);
        }
        let mut guard = self.state();
        let state = &mut *guard;
        if state.ending.is_some() {
            // It has ended meanwhile: nobody would ever take it.
            self.counters().gone(1);
            return (Ok(()), Nudge::Nothing);
        }
        match state.inbox.accept_frame(frame, expires, self.local.capacity()) {
            inbox::Accepted::Waits => (Ok(()), self.wait_for_consumer(state)),
            inbox::Accepted::Straight(chunk) => (Ok(()), self.deliver(state, chunk)),
            inbox::Accepted::Full => {
                self.counters().channel_full();
                (Err(Full), Nudge::Nothing)
            }
        }
    }

    /// As [`accept`](Self::accept), for events, each of which waits for its handler.
    pub(crate) fn accept_events(&self, events: impl Iterator<Item = (Waiting, Instant)>) -> (Result<(), Full>, Nudge) {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.ending.is_some() {
            drop(guard);
            // Dropped one by one, and with each the answer that it owes.
            self.counters().gone(events.count());
            return (Ok(()), Nudge::Nothing);
        }
        let (mut waits, mut all) = (false, Ok(()));
        for (event, expires) in events {
            let (expires, capacity) = match event.is_close() {
                true => (far_from_now(), usize::MAX),
                false => (expires, self.local.capacity()),
            };
            if state.inbox.accept_event(event, expires, capacity) {
                waits = true;
            } else {
                self.counters().channel_full();
                all = Err(Full);
            }
        }
        (all, if waits { self.wait_for_consumer(state) } else { Nudge::Nothing })
    }

    /// As [`accept_events`](Self::accept_events), for what a consumer has to know however much waits for it already.
    pub(crate) fn accept_notice(&self, event: Waiting, expires: Instant) -> Nudge {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.ending.is_some() {
            return Nudge::Nothing;
        }
        state.inbox.accept_event(event, expires, usize::MAX);
        self.wait_for_consumer(state)
    }

    fn wait_for_consumer(&self, state: &mut State) -> Nudge {
        self.inbox_waits.store(true, Ordering::Relaxed);
        state.turn.handle_next()
    }

    /// Whether several frames may come as one: none of them is compressed, and none takes the place of another.
    pub(crate) fn takes_joined(&self) -> bool {
        self.session.is_plain() && self.settings.overflow != Overflow::KeepLatest
    }

    /// Takes one frame, or several at once, unless something waits that they must not overtake, or they are too many: then
    /// they have to come one by one.
    pub(crate) fn accept_joined(&self, chunk: &Chunk) -> Option<Nudge> {
        let mut guard = self.state();
        let state = &mut *guard;
        let fits = state.ending.is_none()
            && !state.cut_off
            && state.inbox.lets_pass()
            && state.outgoing.has_room(chunk.bytes.len(), self.settings.max_outgoing);
        if !fits {
            return None;
        }
        if !self.joins(state) || !state.outgoing.append(&chunk.bytes, chunk.frames) {
            state.outgoing.push(chunk.clone());
        }
        self.counters().delivered(chunk.frames as usize);
        Some(state.turn.write_next(state.way.is_anybodys()))
    }

    /// What waits for this connection's consumer, an event first, after the frames before it went out.
    pub(super) fn next_waiting(&self) -> Option<VecDeque<Entry>> {
        // What arrives just now is seen before the task rests.
        if !self.inbox_waits.load(Ordering::Relaxed) {
            return None;
        }
        let mut guard = self.state();
        let state = &mut *guard;
        let mut clock = Clock::default();
        loop {
            match state.inbox.next(BATCH, &mut clock, self.counters()) {
                // The task that asks for it also writes.
                Some(inbox::Next::Frame(chunk)) => drop(self.deliver(state, chunk)),
                Some(inbox::Next::Events(events)) => return Some(events),
                None => {
                    self.inbox_waits.store(false, Ordering::Relaxed);
                    return None;
                }
            }
        }
    }

    /// A frame that waited for an event's handler to return.
    pub(super) fn deliver_next(&self, frame: Chunk) {
        // The task that asks for it also writes.
        let _ = self.deliver(&mut self.state(), frame);
    }

    /// Handlers of events have returned: what waited for them may go, after what is left of them.
    pub(super) fn events_done(&self, mut left: VecDeque<Entry>) {
        let mut state = self.state();
        let gone = if state.ending.is_some() { std::mem::take(&mut left) } else { VecDeque::new() };
        state.inbox.give_back(left);
        drop(state);
        self.counters().gone(gone.len());
    }

    /// A shared handler's frame, whose turn has come.
    pub(super) fn deliver(&self, state: &mut State, chunk: Chunk) -> Nudge {
        let (taken, nudge) = self.push_over(state, chunk);
        if taken {
            self.counters().delivered(1);
        }
        nudge
    }

    /// Puts a frame into the outgoing queue without waiting: the policy decides when it is full. False when it is dropped.
    pub(super) fn push_over(&self, state: &mut State, mut chunk: Chunk) -> (bool, Nudge) {
        let (len, limit) = (chunk.bytes.len(), self.settings.max_outgoing);
        if state.ending.is_some() || state.cut_off {
            self.counters().outgoing_dropped(1);
            return (false, Nudge::Nothing);
        }
        match self.supersede(state, chunk) {
            Ok(()) => return (true, Nudge::Nothing),
            Err(back) => chunk = back,
        }
        if !state.outgoing.has_room(len, limit) {
            match self.settings.overflow {
                Overflow::DropNewest => {
                    self.counters().outgoing_dropped(1);
                    return (false, Nudge::Nothing);
                }
                Overflow::DropOldest => {
                    let dropped = state.outgoing.make_room(len, limit);
                    self.counters().outgoing_dropped(dropped);
                }
                Overflow::Close | Overflow::KeepLatest => {
                    self.counters().outgoing_dropped(state.outgoing.clear() + 1);
                    tracing::warn!(
                        channel = %self.name,
                        "the client reads too slowly: more than `max_outgoing` ({limit} bytes) wait for it; closing with 1013"
                    );
                    let code = CloseCode::TRY_AGAIN_LATER;
                    let nudge = self.end_with(state, Disconnect::new(code.get(), "too slow", Cause::Overflow));
                    return (false, nudge);
                }
            }
        }
        (true, self.enqueue(state, chunk))
    }

    /// Puts a frame behind everything that waits for the socket.
    fn enqueue(&self, state: &mut State, chunk: Chunk) -> Nudge {
        if !self.joins(state) || !state.outgoing.append(&chunk.bytes, chunk.frames) {
            state.outgoing.push(chunk);
        }
        state.turn.write_next(state.way.is_anybodys())
    }

    /// Whether small frames are put together while they wait: not when the oldest may have to make room one by one, and
    /// what a slow client lacks stays what it shares with others.
    fn joins(&self, state: &State) -> bool {
        self.takes_joined() && self.settings.overflow != Overflow::DropOldest && !state.turn.is_blocked()
    }

    /// Puts a frame in the place of the one that waits with the same key, if the policy is to keep the latest; gives it
    /// back otherwise.
    #[inline]
    pub(super) fn supersede(&self, state: &mut State, chunk: Chunk) -> Result<(), Chunk> {
        if self.settings.overflow != Overflow::KeepLatest || chunk.key.is_none() {
            return Err(chunk);
        }
        state.outgoing.replace(chunk, self.settings.max_outgoing)?;
        self.counters().superseded();
        Ok(())
    }

    /// Puts a frame of a handler into the outgoing queue, or waits until there is room.
    pub(crate) fn poll_push(
        &self,
        frame: &mut Option<Piece>,
        key: Option<Key>,
        context: &mut Context<'_>,
    ) -> Poll<Result> {
        // What was sent to a group before this must not be overtaken.
        self.catch_up();
        let mut guard = self.state();
        let state = &mut *guard;
        if state.ending.is_some() || state.cut_off {
            return Poll::Ready(Err(Closed.into()));
        }
        let Some(bytes) = frame.take() else { return Poll::Ready(Ok(())) };
        let has_room = state.outgoing.has_room(bytes.len(), self.settings.max_outgoing);
        if has_room && self.joins(state) && state.outgoing.append(&bytes, 1) {
            // The way of most, without a chunk of its own.
            let nudge = state.turn.write_next(state.way.is_anybodys());
            drop(guard);
            self.give(nudge);
            return Poll::Ready(Ok(()));
        }
        let chunk = match self.supersede(state, Chunk { key, ..Chunk::frame(bytes) }) {
            Ok(()) => return Poll::Ready(Ok(())),
            Err(chunk) => chunk,
        };
        if !has_room {
            if state.accept.is_some() {
                // Nothing leaves before the connection is accepted, so there would never be room.
                let text = "`#[connect]` sends more than `max_outgoing`; send it after the connect";
                return Poll::Ready(Err(Error::msg(text)));
            }
            if !state.waiting_for_room.iter().any(|waker| waker.will_wake(context.waker())) {
                state.waiting_for_room.push_back(context.waker().clone());
            }
            *frame = Some(chunk.bytes);
            return Poll::Pending;
        }
        state.outgoing.push(chunk);
        let nudge = state.turn.write_next(state.way.is_anybodys());
        drop(guard);
        self.give(nudge);
        Poll::Ready(Ok(()))
    }

    /// Puts a frame of the runtime itself (reply, error frame) into the outgoing queue.
    pub(super) fn push(&self, frame: impl Into<Piece>) {
        self.catch_up();
        let frame = self.encode(frame);
        let (_, nudge) = self.push_over(&mut self.state(), Chunk::frame(frame));
        self.give(nudge);
    }

    /// Puts a ping or pong before everything that waits.
    pub(super) fn push_control(&self, frame: Bytes) {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.cut_off {
            return;
        }
        state.outgoing.push_control(frame);
        let nudge = state.turn.write_next(state.way.is_anybodys());
        drop(guard);
        self.give(nudge);
    }

    /// Puts the close frame behind everything that waits.
    pub(super) fn push_goodbye(&self, frame: Bytes) {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.cut_off {
            return;
        }
        state.outgoing.push_last(frame);
        let nudge = state.turn.write_next(state.way.is_anybodys());
        drop(guard);
        self.give(nudge);
    }
}
