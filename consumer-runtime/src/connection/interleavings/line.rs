//! One connection in a model: what is shared, and the lines that take its lock.

use std::{collections::VecDeque, sync::OnceLock, time::Duration};

use bytes::Bytes;
use loom::sync::{Arc, Mutex, MutexGuard, Notify};
use tokio::time::Instant;

use super::super::{
    inbox::{Accepted, Inbox, Waiting},
    outgoing::{Batch, Chunk, Outgoing},
    turn::{Nudge, Turn},
};
use crate::counters::Counters;

/// How many bytes the socket holds before it takes no more: not a multiple of a frame's two, so that frames are cut.
const ROOM: usize = 3;

/// The right to write, of which there is one.
pub(super) struct Writer {
    /// Filled when it is dropped, which shuts the socket down.
    shut: std::sync::Arc<OnceLock<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shut.set(()).expect("there is one");
    }
}

pub(super) enum Way {
    Closed,
    Task,
    Anybody(Option<Writer>),
}

pub(super) struct State {
    pub(super) turn: Turn,
    pub(super) inbox: Inbox,
    pub(super) outgoing: Outgoing,
    pub(super) way: Way,
    /// Whether the task has rested, so that it can be woken.
    waker: bool,
    pub(super) ending: bool,
    pub(super) cut_off: bool,
    cut_unseen: bool,
}

/// Whether the task may rest.
pub(super) enum Rest {
    Asleep,
    News,
    CutOff,
}

#[derive(Default)]
pub(super) struct Socket {
    bytes: VecDeque<u8>,
    /// Whether the task waits until there is room.
    awaited: bool,
    broken: bool,
}

/// A connection, its socket, and who waits for what.
pub(super) struct Line {
    state: Mutex<State>,
    socket: Mutex<Socket>,
    /// Promised to the flusher and not done yet; `None` at the end.
    pub(super) errands: Mutex<Option<usize>>,
    pub(super) flusher: Notify,
    pub(super) task: Notify,
    /// Whether the handler may go on.
    pub(super) gate: Mutex<bool>,
    pub(super) client: Notify,
    pub(super) counters: Counters,
    pub(super) shut: std::sync::Arc<OnceLock<()>>,
}

enum Written {
    Blocked,
    Failed,
}

fn chunk(frame: [u8; 2]) -> Chunk {
    Chunk::frame(Bytes::copy_from_slice(&frame))
}

fn in_a_minute() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

impl Line {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                turn: Turn::default(),
                inbox: Inbox::new(),
                outgoing: Outgoing::default(),
                way: Way::Closed,
                waker: false,
                ending: false,
                cut_off: false,
                cut_unseen: false,
            }),
            socket: Mutex::default(),
            errands: Mutex::new(Some(0)),
            flusher: Notify::new(),
            task: Notify::new(),
            gate: Mutex::new(false),
            client: Notify::new(),
            counters: Counters::default(),
            shut: std::sync::Arc::default(),
        })
    }

    /// A line that anybody writes to.
    pub(super) fn open() -> Arc<Self> {
        let line = Self::new();
        let writer = Writer { shut: std::sync::Arc::clone(&line.shut) };
        line.state().way = Way::Anybody(Some(writer));
        line.state().inbox.give_back(VecDeque::new());
        line
    }

    /// A line that only its task writes to.
    pub(super) fn of_task() -> Arc<Self> {
        let line = Self::new();
        line.state().way = Way::Task;
        line.state().inbox.give_back(VecDeque::new());
        line
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn push(&self, frame: [u8; 2]) -> Nudge {
        self.push_over(&mut self.state(), chunk(frame))
    }

    pub(super) fn push_over(&self, state: &mut State, chunk: Chunk) -> Nudge {
        if state.ending || state.cut_off {
            return Nudge::Nothing;
        }
        if state.turn.is_blocked() || !state.outgoing.append(&chunk.bytes, chunk.frames) {
            state.outgoing.push(chunk);
        }
        state.turn.write_next(matches!(state.way, Way::Anybody(_)))
    }

    pub(super) fn accept_event(&self) -> Nudge {
        let mut state = self.state();
        let event = Waiting { event: std::sync::Arc::new(()), owed: None };
        assert!(state.inbox.accept_event(event, in_a_minute(), 10), "there is room for ten");
        state.turn.handle_next()
    }

    pub(super) fn accept_frame(&self, frame: [u8; 2]) -> Nudge {
        let mut guard = self.state();
        let state = &mut *guard;
        match state.inbox.accept_frame(chunk(frame), in_a_minute(), 10) {
            Accepted::Waits => state.turn.handle_next(),
            Accepted::Straight(chunk) => self.push_over(state, chunk),
            Accepted::Full => panic!("there is room for ten"),
        }
    }

    pub(super) fn give(&self, nudge: Nudge) {
        match nudge {
            Nudge::Nothing => {}
            Nudge::Flush => self.flush(),
            Nudge::Wake => self.wake(),
        }
    }

    /// As the fan-out does with what is left to do.
    pub(super) fn give_to_flusher(&self, nudge: Nudge) {
        if nudge != Nudge::Flush {
            return self.give(nudge);
        }
        if let Some(errands) = self.errands.lock().unwrap().as_mut() {
            *errands += 1;
        }
        self.flusher.notify();
    }

    fn wake(&self) {
        if self.state().waker {
            self.task.notify();
        }
    }

    pub(super) fn flush(&self) {
        let Some((mut batch, writer)) = self.begin_write() else { return };
        loop {
            match self.write(&batch, false) {
                Ok(written) => _ = batch.written(written),
                Err(how) => return self.end_write(batch, Some(writer), &how),
            }
            if batch.is_empty() {
                let mut state = self.state();
                let more = state.outgoing.take();
                if more.is_empty() {
                    let nudge = state.turn.end_write(false);
                    return self.finish_write(state, Some(writer), nudge);
                }
                batch = more;
            }
        }
    }

    fn begin_write(&self) -> Option<(Batch, Writer)> {
        let mut guard = self.state();
        let state = &mut *guard;
        let Way::Anybody(writer) = &mut state.way else { return None };
        if !state.turn.begin_write(!state.outgoing.is_empty()) {
            return None;
        }
        let writer = writer.take().expect("it is there whenever nobody writes");
        Some((state.outgoing.take(), writer))
    }

    fn end_write(&self, batch: Batch, writer: Option<Writer>, how: &Written) {
        let mut state = self.state();
        state.outgoing.put_back(batch);
        if state.cut_off {
            state.outgoing = Outgoing::default();
            let nudge = state.turn.end_write(false);
            return self.finish_write(state, writer, nudge);
        }
        match how {
            Written::Blocked => {
                let nudge = state.turn.end_write(true);
                self.finish_write(state, writer, nudge);
            }
            Written::Failed => {
                let nudge = state.turn.end_write(false);
                self.finish_write(state, writer, nudge);
                self.cut_off();
            }
        }
    }

    fn finish_write(&self, mut state: MutexGuard<'_, State>, writer: Option<Writer>, nudge: Nudge) {
        let unwanted = match &mut state.way {
            Way::Anybody(place) => {
                assert!(place.is_none(), "two of them wrote");
                *place = writer;
                None
            }
            Way::Closed | Way::Task => writer,
        };
        drop(state);
        drop(unwanted);
        self.give(nudge);
    }

    pub(super) fn cut_off(&self) {
        let mut guard = self.state();
        let state = &mut *guard;
        state.cut_off = true;
        state.cut_unseen = true;
        state.turn.unblock();
        state.outgoing = Outgoing::default();
        let nudge = state.turn.wake();
        drop(guard);
        self.close_way();
        self.give(nudge);
    }

    pub(super) fn close_way(&self) {
        let way = std::mem::replace(&mut self.state().way, Way::Closed);
        drop(way);
    }

    pub(super) fn end(&self) {
        let mut state = self.state();
        state.ending = true;
        let nudge = state.turn.wake();
        drop(state);
        self.give(nudge);
    }

    /// The task's part of a write; true when it has to wait for the socket.
    pub(super) fn write_is_blocked(&self) -> bool {
        if matches!(self.state().way, Way::Task) {
            return self.task_write_is_blocked();
        }
        loop {
            self.flush();
            if !self.state().turn.is_blocked() {
                return false;
            }
            if !self.is_writable() {
                return true;
            }
            self.state().turn.unblock();
        }
    }

    fn task_write_is_blocked(&self) -> bool {
        loop {
            let mut batch = {
                let mut guard = self.state();
                let state = &mut *guard;
                state.turn.unblock();
                if !state.turn.begin_write(!state.outgoing.is_empty()) {
                    return false;
                }
                state.outgoing.take()
            };
            while !batch.is_empty() {
                match self.write(&batch, true) {
                    Ok(written) => _ = batch.written(written),
                    Err(how) => {
                        self.end_write(batch, None, &how);
                        return matches!(how, Written::Blocked);
                    }
                }
            }
            let mut state = self.state();
            let nudge = state.turn.end_write(false);
            self.finish_write(state, None, nudge);
        }
    }

    /// One system call; `by_task` asks to be woken, as `poll_write` does.
    fn write(&self, batch: &Batch, by_task: bool) -> Result<usize, Written> {
        let mut socket = self.socket.lock().unwrap();
        if socket.broken {
            return Err(Written::Failed);
        }
        let room = ROOM - socket.bytes.len();
        if room == 0 {
            socket.awaited |= by_task;
            return Err(Written::Blocked);
        }
        let bytes: Vec<u8> = batch.pieces().flatten().copied().take(room).collect();
        socket.bytes.extend(&bytes);
        self.client.notify();
        Ok(bytes.len())
    }

    /// Whether the socket takes something; the task is woken when it does.
    fn is_writable(&self) -> bool {
        let mut socket = self.socket.lock().unwrap();
        let is = socket.broken || socket.bytes.len() < ROOM;
        socket.awaited = !is;
        is
    }

    /// Reads what the socket holds, and breaks it off if need be.
    pub(super) fn read(&self, breaks: bool) -> Vec<u8> {
        let mut socket = self.socket.lock().unwrap();
        let bytes = socket.bytes.drain(..).collect();
        socket.broken |= breaks;
        if std::mem::take(&mut socket.awaited) {
            self.task.notify();
        }
        bytes
    }

    pub(super) fn rest(&self, busy: bool, blocked: bool) -> Rest {
        let mut guard = self.state();
        let state = &mut *guard;
        if std::mem::take(&mut state.cut_unseen) {
            return Rest::CutOff;
        }
        let to_handle = state.ending || state.inbox.has_next();
        let to_write = !state.outgoing.is_empty() && !matches!(state.way, Way::Closed);
        let rests = state.turn.rest(busy, blocked, to_handle, to_write);
        state.waker |= rests;
        if rests { Rest::Asleep } else { Rest::News }
    }
}
