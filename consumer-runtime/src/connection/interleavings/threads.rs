//! Who meets at a line: its task, the flusher, its client.

use std::collections::VecDeque;

use super::{
    super::{
        clock::Clock,
        inbox::{Entry, Next, What},
        outgoing::Chunk,
        turn::Nudge,
    },
    line::{Line, Rest, State, Way},
};

impl Line {
    /// The next event with what waits behind it, after the frames before it.
    fn next_events(&self) -> Option<VecDeque<Entry>> {
        let mut guard = self.state();
        let state = &mut *guard;
        loop {
            match state.inbox.next(2, &mut Clock::default(), &self.counters)? {
                Next::Frame(chunk) => self.deliver(state, chunk),
                Next::Events(events) => return Some(events),
            }
        }
    }

    fn deliver(&self, state: &mut State, chunk: Chunk) {
        let nudge = self.push_over(state, chunk);
        assert_eq!(nudge, Nudge::Nothing, "the task that asks for it also writes");
    }

    /// The task: an event's handler waits for the gate, and answers then.
    pub(super) fn live(&self) {
        let mut running = None;
        loop {
            self.state().turn.attend();
            loop {
                self.handle(&mut running);
                let ends = self.state().ending && running.is_none();
                if ends {
                    return self.close_way();
                }
                let blocked = self.write_is_blocked();
                match self.rest(running.is_some(), blocked) {
                    Rest::Asleep => break,
                    Rest::News => {}
                    Rest::CutOff => return,
                }
            }
            self.task.wait();
        }
    }

    fn handle(&self, running: &mut Option<VecDeque<Entry>>) {
        loop {
            while let Some(Entry { what, .. }) = running.as_mut().and_then(|taken| taken.front_mut()) {
                match what {
                    What::Event(_) if !*self.gate.lock().unwrap() => return,
                    What::Event(_) => self.give(self.push(*b"re")),
                    What::Frame(frame) => self.deliver(&mut self.state(), (**frame).clone()),
                }
                running.as_mut().and_then(VecDeque::pop_front);
            }
            if let Some(left) = running.take() {
                self.state().inbox.give_back(left);
            }
            *running = self.next_events();
            if running.is_none() {
                return;
            }
        }
    }

    /// What the handler waits for has come.
    pub(super) fn open_gate(&self) {
        *self.gate.lock().unwrap() = true;
        self.task.notify();
    }

    /// The flusher, until the line has ended.
    pub(super) fn run_errands(&self) {
        loop {
            let errand = self.errands.lock().unwrap().as_mut().map(|errands| {
                let some = *errands > 0;
                *errands -= usize::from(some);
                some
            });
            match errand {
                Some(true) => self.flush(),
                Some(false) => self.flusher.wait(),
                None => return,
            }
        }
    }

    /// The client: reads until it has `len` bytes.
    pub(super) fn read_all(&self, len: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            bytes.extend(self.read(false));
            if bytes.len() >= len {
                return bytes;
            }
            self.client.wait();
        }
    }

    /// Ends the connection, and the flusher with it.
    pub(super) fn end_all(&self) {
        self.end();
        *self.errands.lock().unwrap() = None;
        self.flusher.notify();
    }

    /// Whether nothing is left of it.
    pub(super) fn is_over_and_done(&self) -> bool {
        let state = self.state();
        state.outgoing.is_empty() && matches!(state.way, Way::Closed) && self.shut.get().is_some()
    }
}
