//! Writing what waits: by whoever brings it when the socket is a real one, by the connection's task otherwise.

use std::{
    cell::RefCell,
    io::{self, IoSlice},
    pin::Pin,
    sync::MutexGuard,
    task::{Context, Poll},
};

use tokio::{io::AsyncWrite, net::tcp::OwnedWriteHalf, time::Instant};

use super::{
    Connection, State,
    outgoing::{Batch, Outgoing},
    piece::JOIN,
    turn::Nudge,
};

/// How many pieces one `writev` takes.
const SLICES: usize = 64;

/// The way out of a connection.
#[derive(Debug, Default)]
pub(super) enum Way {
    /// There is none: not yet, or no more.
    #[default]
    Closed,
    /// The connection's task writes.
    Task,
    /// Whoever has something writes; taken by who is writing.
    Anybody(Option<OwnedWriteHalf>),
}

impl Way {
    pub(super) fn is_anybodys(&self) -> bool {
        matches!(self, Self::Anybody(_))
    }
}

thread_local! {
    /// Where small frames are put together.
    static JOINED: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(JOIN));
}

/// How a series of writes came to its end.
enum Written {
    /// The socket takes no more for now.
    Blocked,
    Failed(io::Error),
}

impl Connection {
    /// Opens the way out.
    pub(super) fn open_way(&self, way: Way) {
        let mut state = self.state();
        if !state.cut_off {
            state.way = way;
        }
    }

    /// Closes the way out; what else waits is dropped.
    pub(super) fn close_way(&self) {
        let way = std::mem::take(&mut self.state().way);
        // A socket is shut down outside of the lock.
        drop(way);
    }

    /// Does what an arrival asks for.
    pub(crate) fn give(&self, nudge: Nudge) {
        match nudge {
            Nudge::Nothing => {}
            Nudge::Flush => self.flush(),
            Nudge::Wake => self.wake(),
        }
    }

    /// As [`flush`](Self::flush); true when the socket takes nothing now.
    pub(super) fn flush_is_blocked(&self) -> bool {
        self.flush();
        self.state().turn.is_blocked()
    }

    /// Whether nothing waits for the socket, or nothing can be written any more.
    pub(super) fn has_written_all(&self) -> bool {
        let state = self.state();
        state.cut_off || matches!(state.way, Way::Closed) || (state.outgoing.is_empty() && !state.turn.is_writing())
    }

    /// The socket takes something again.
    pub(super) fn unblock(&self) {
        self.state().turn.unblock();
    }

    /// Writes what waits as far as the socket takes it, unless that is the task's own business or somebody is at it.
    pub(super) fn flush(&self) {
        let Some((mut batch, writer)) = self.begin_write() else { return };
        loop {
            let written = write(&writer, &batch);
            match written {
                Ok(written) => self.note_written(written, batch.written(written)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return self.end_write(batch, Some(writer), Written::Blocked);
                }
                Err(error) => return self.end_write(batch, Some(writer), Written::Failed(error)),
            }
            if batch.is_empty() {
                let mut state = self.state();
                state.stuck = None;
                state.wake_waiting();
                if state.outgoing.is_empty() {
                    let nudge = state.turn.end_write(false);
                    return self.finish_write(state, Some(writer), nudge);
                }
                let more = state.outgoing.take();
                batch = self.compressed_in_order(more, state);
            }
        }
    }

    /// Writes what waits into a stream that only the task can write; ready when nothing does, or nothing can be written.
    pub(super) fn poll_flush_into<T: AsyncWrite + Unpin>(&self, io: &mut T, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let mut batch = {
                let mut state = self.state();
                state.turn.unblock();
                let waits = !state.outgoing.is_empty();
                if !matches!(state.way, Way::Task) {
                    return Poll::Ready(());
                }
                if !state.turn.begin_write(waits) {
                    drop(state);
                    return match Pin::new(io).poll_flush(context) {
                        Poll::Ready(Err(error)) => {
                            self.write_failed(&error);
                            Poll::Ready(())
                        }
                        flushed => flushed.map(|_| ()),
                    };
                }
                let batch = state.outgoing.take();
                self.compressed_in_order(batch, state)
            };
            while !batch.is_empty() {
                match poll_write(io, &batch, context) {
                    Poll::Ready(Ok(0)) => {
                        self.end_write(batch, None, Written::Failed(io::ErrorKind::WriteZero.into()));
                        return Poll::Ready(());
                    }
                    Poll::Ready(Ok(written)) => self.note_written(written, batch.written(written)),
                    Poll::Ready(Err(error)) => {
                        self.end_write(batch, None, Written::Failed(error));
                        return Poll::Ready(());
                    }
                    Poll::Pending => {
                        self.end_write(batch, None, Written::Blocked);
                        return Poll::Pending;
                    }
                }
            }
            let mut state = self.state();
            state.stuck = None;
            state.wake_waiting();
            let nudge = state.turn.end_write(false);
            self.finish_write(state, None, nudge);
        }
    }

    fn begin_write(&self) -> Option<(Batch, OwnedWriteHalf)> {
        let mut guard = self.state();
        let state = &mut *guard;
        let Way::Anybody(writer) = &mut state.way else { return None };
        if !state.turn.begin_write(!state.outgoing.is_empty()) {
            return None;
        }
        // It is there whenever nobody writes.
        let writer = writer.take()?;
        let batch = state.outgoing.take();
        Some((self.compressed_in_order(batch, guard), writer))
    }

    /// Compresses messages that refer to those before them: here, since the queue may drop what waits in it. Nobody else
    /// comes here before the write has ended, so the lock can be released.
    fn compressed_in_order(&self, mut batch: Batch, mut state: MutexGuard<'_, State>) -> Batch {
        if self.session.is_in_order() && !batch.is_empty() {
            let mut context = std::mem::take(&mut state.context);
            drop(state);
            batch.map(|frame| self.session.encode_in_order(&mut context, frame, self.counters()));
            self.state().context = context;
        }
        batch
    }

    fn end_write(&self, mut batch: Batch, writer: Option<OwnedWriteHalf>, how: Written) {
        let mut state = self.state();
        if batch.has_begun() {
            state.stuck = None;
            state.wake_waiting();
        }
        if self.session.is_in_order() {
            // Each is what the next one refers to.
            batch.seal();
        }
        state.outgoing.put_back(batch);
        if state.cut_off {
            // It was cut off while the writer was away, so nobody waits for the socket any more.
            self.counters().outgoing_dropped(state.outgoing.clear());
            state.outgoing = Outgoing::default();
            let nudge = state.turn.end_write(false);
            return self.finish_write(state, writer, nudge);
        }
        match how {
            Written::Blocked => {
                state.stuck.get_or_insert_with(|| Box::new(Instant::now()));
                let nudge = state.turn.end_write(true);
                self.finish_write(state, writer, nudge);
            }
            Written::Failed(error) => {
                let nudge = state.turn.end_write(false);
                self.finish_write(state, writer, nudge);
                self.write_failed(&error);
            }
        }
    }

    /// Gives the writer back, unless the way was closed meanwhile.
    fn finish_write(&self, mut state: MutexGuard<'_, State>, writer: Option<OwnedWriteHalf>, nudge: Nudge) {
        let unwanted = match &mut state.way {
            Way::Anybody(place) => {
                *place = writer;
                None
            }
            Way::Closed | Way::Task => writer,
        };
        drop(state);
        drop(unwanted);
        self.give(nudge);
    }

    fn note_written(&self, bytes: usize, frames: u32) {
        self.local.traffic().wrote(bytes, frames);
        if frames > 0 {
            self.seen.touch();
        }
    }

    fn write_failed(&self, error: &io::Error) {
        tracing::debug!(channel = %self.name, %error, "the socket cannot be written");
        self.cut_off();
    }
}

/// One write of as much as the socket takes.
fn write(writer: &OwnedWriteHalf, batch: &Batch) -> io::Result<usize> {
    let written = with_pieces(batch, |pieces| match pieces {
        Pieces::One(bytes) => writer.try_write(bytes),
        Pieces::Several(slices) => writer.try_write_vectored(slices),
    })?;
    if written == 0 { Err(io::ErrorKind::WriteZero.into()) } else { Ok(written) }
}

fn poll_write<T: AsyncWrite + Unpin>(io: &mut T, batch: &Batch, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
    with_pieces(batch, |pieces| match pieces {
        Pieces::One(bytes) => Pin::new(io).poll_write(context, bytes),
        Pieces::Several(slices) => Pin::new(io).poll_write_vectored(context, slices),
    })
}

/// A batch as one system call takes it.
enum Pieces<'a> {
    One(&'a [u8]),
    Several(&'a [IoSlice<'a>]),
}

/// A lone piece as it is, small ones put together, large ones side by side.
fn with_pieces<R>(batch: &Batch, write: impl FnOnce(Pieces<'_>) -> R) -> R {
    if let (1, Some(piece)) = (batch.len(), batch.pieces().next()) {
        return write(Pieces::One(piece));
    }
    if batch.pieces().map(<[u8]>::len).sum::<usize>() <= JOIN {
        return JOINED.with_borrow_mut(|joined| {
            joined.clear();
            for piece in batch.pieces() {
                joined.extend_from_slice(piece);
            }
            write(Pieces::One(joined))
        });
    }
    let mut slices = [IoSlice::new(&[]); SLICES];
    let mut used = 0;
    for (slice, piece) in slices.iter_mut().zip(batch.pieces()) {
        *slice = IoSlice::new(piece);
        used += 1;
    }
    write(Pieces::Several(&slices[..used]))
}
