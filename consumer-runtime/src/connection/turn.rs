//! Who looks after a connection now, so that whatever arrives wakes somebody once, and nobody twice.

/// What whoever brings something has to do once the lock is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a nudge that is not given leaves the connection asleep"]
pub(crate) enum Nudge {
    /// Somebody looks after it already.
    Nothing,
    /// Write what waits.
    Flush,
    /// Wake the connection's task.
    Wake,
}

/// Written under the connection's lock, by its task and by everyone who brings something.
///
/// The promises behind the flags are kept by whoever sets them: each ends in another look at the connection.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// The task runs or is woken; it looks at everything once more before it rests.
    attended: bool,
    /// The task rests while a handler runs, so nothing else can be handled yet.
    busy: bool,
    /// Somebody is going to write what waits.
    promised: bool,
    /// Somebody writes, and looks again when that is done.
    writing: bool,
    /// The socket takes nothing; the task waits until it does.
    blocked: bool,
}

impl Turn {
    /// Something waits for the consumer.
    pub(super) fn handle_next(&mut self) -> Nudge {
        if self.busy { Nudge::Nothing } else { self.wake() }
    }

    /// A frame waits for the socket, which is written by the task alone or by anybody.
    pub(super) fn write_next(&mut self, by_anybody: bool) -> Nudge {
        if self.attended || self.promised || self.writing || self.blocked {
            Nudge::Nothing
        } else if by_anybody {
            self.promised = true;
            Nudge::Flush
        } else {
            self.wake()
        }
    }

    /// Something that the task must see in any case.
    pub(super) fn wake(&mut self) -> Nudge {
        if std::mem::replace(&mut self.attended, true) { Nudge::Nothing } else { Nudge::Wake }
    }

    /// Whether a write may begin; who is told so must end it.
    pub(super) fn begin_write(&mut self, something_waits: bool) -> bool {
        self.promised = false;
        let begins = something_waits && !self.writing && !self.blocked;
        self.writing |= begins;
        begins
    }

    /// A write has ended, because the socket takes nothing more, or nothing waits for it.
    pub(super) fn end_write(&mut self, blocked: bool) -> Nudge {
        self.writing = false;
        self.blocked = blocked;
        if blocked { self.wake() } else { Nudge::Nothing }
    }

    /// Whether the socket takes nothing.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked
    }

    /// Whether somebody writes.
    pub(super) fn is_writing(&self) -> bool {
        self.writing
    }

    /// The socket takes something again.
    pub(super) fn unblock(&mut self) {
        self.blocked = false;
    }

    /// The task begins to look.
    pub(super) fn attend(&mut self) {
        self.attended = true;
        self.busy = false;
    }

    /// The task has looked at everything and rests; false when there is something new, and then it must look again.
    ///
    /// `waits` says that the socket wakes it as soon as it takes something: another writer may have found it full after
    /// the task has looked.
    pub(super) fn rest(&mut self, busy: bool, waits: bool, to_handle: bool, to_write: bool) -> bool {
        let rests = (busy || !to_handle) && (!to_write || self.writing || (self.blocked && waits));
        if rests {
            self.attended = false;
            self.busy = busy;
        }
        rests
    }
}
