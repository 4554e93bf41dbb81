//! The socket side of a connection: reads, writes, control frames and deadlines.
//!
//! Generic over the stream, and driven by polling alone, so that one task can run it beside a handler.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

use super::{Connection, compression, frames::Frames, rate::Bucket};
use crate::{
    close::{Cause, Disconnect},
    codec::{self, Decoder, Incoming, Limits},
};

/// How much one read may bring.
pub(super) const READ: usize = 16 * 1024;

/// How much one write may take along.
const WRITE: usize = 64 * 1024;

/// How many frames one `writev` takes.
const SLICES: usize = 64;

/// How many control frames wait for the socket.
const PONGS: usize = 32;

/// How many messages are decoded ahead of the consumer; then reading stops, and TCP slows the client down.
const AHEAD: usize = 64;

/// A message of the client, or how the client's side ended.
#[derive(Debug)]
pub(super) enum Read {
    Text(String),
    Binary(Bytes),
    End(Disconnect),
}

impl Read {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            Self::End(_) => 0,
        }
    }
}

pub(super) struct Pump<T> {
    pub(super) io: T,
    pub(super) connection: Arc<Connection>,
    pub(super) decoder: Decoder,
    pub(super) limits: Limits,
    bucket: Option<Bucket>,
    /// Decoded and not yet taken, in order; an end is the last.
    incoming: VecDeque<Read>,
    /// The payloads in there, in bytes.
    incoming_bytes: usize,
    /// Whether an end was read, after which nothing is.
    read_over: bool,
    /// Whether that end was the client's close frame.
    pub(super) client_closed: bool,
    /// Frames on their way out; the first may be written in part.
    batch: Frames,
    /// Control frames, which go before all data that is not yet in the batch.
    pub(super) control: Frames,
    /// What compressed frames refer to, if they do.
    context: Option<Box<compression::Context>>,
    /// Whether writing failed, after which nothing is.
    pub(super) write_over: bool,
    needs_flush: bool,
    heard: Instant,
    /// When the ping was sent that is not answered yet.
    pinged: Option<Instant>,
    /// Since when the socket takes nothing.
    stuck: Option<Instant>,
    timer: Pin<Box<Sleep>>,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Pump<T> {
    pub(super) fn new(io: T, connection: Arc<Connection>) -> Self {
        let settings = connection.settings();
        let limits = Limits {
            max_message: settings.max_message,
            max_frame: settings.max_frame.unwrap_or(settings.max_message),
            max_fragments: settings.max_fragments,
        };
        let now = Instant::now();
        Self {
            io,
            decoder: connection.session().decoder(),
            limits,
            bucket: settings.rate.map(Bucket::new),
            incoming: VecDeque::new(),
            incoming_bytes: 0,
            read_over: false,
            client_closed: false,
            batch: Frames::default(),
            control: Frames::default(),
            context: None,
            write_over: false,
            needs_flush: false,
            heard: now,
            pinged: None,
            stuck: None,
            timer: Box::pin(tokio::time::sleep_until(now + far_away(settings.ping_interval))),
            connection,
        }
    }

    /// The next message that is here already.
    pub(super) fn take(&mut self) -> Option<Read> {
        let read = self.incoming.pop_front();
        self.incoming_bytes -= read.as_ref().map_or(0, Read::len);
        if self.incoming.is_empty() {
            self.incoming = VecDeque::new();
        }
        read
    }

    /// Whether there is something to [`take`](Self::take).
    pub(super) fn has_read(&self) -> bool {
        !self.incoming.is_empty()
    }

    /// Whether the client has closed, or the line is lost: nothing that is sent now is read by anybody.
    pub(super) fn client_is_gone(&self) -> bool {
        let gone = |ending: &Disconnect| matches!(ending.cause(), Cause::Client | Cause::Lost | Cause::Timeout);
        matches!(self.incoming.back(), Some(Read::End(ending)) if gone(ending))
    }

    /// Moves bytes both ways as far as the socket goes, and looks at the clock. Never says that it is done: what it read
    /// is for [`take`](Self::take), and a deadline that passed is read as an end.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) {
        // Writing first: the answers to the last read leave in one write.
        let _ = self.poll_write(context);
        while self.may_read() {
            match self.poll_read(context) {
                Poll::Ready(()) => {}
                Poll::Pending => break,
            }
        }
        if !self.control.is_empty() {
            let _ = self.poll_write(context);
        }
        self.poll_deadlines(context);
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut room = [const { MaybeUninit::<u8>::uninit() }; READ];
        let mut buffer = ReadBuf::uninit(&mut room);
        match ready!(Pin::new(&mut self.io).poll_read(context, &mut buffer)) {
            Ok(()) if !buffer.filled().is_empty() => {
                self.heard = Instant::now();
                self.pinged = None;
                self.decode(buffer.filled());
            }
            Ok(()) | Err(_) => self.end(Disconnect::lost()),
        }
        Poll::Ready(())
    }

    fn decode(&mut self, mut input: &[u8]) {
        while !self.read_over {
            match self.decoder.decode(&self.limits, &mut input) {
                Ok(None) => return,
                Ok(Some(incoming)) => {
                    if self.bucket.as_mut().is_some_and(|bucket| !bucket.take()) {
                        tracing::warn!(channel = %self.connection.name(), "the client sends more frames than `rate` allows; closing with 1008");
                        return self.end(Disconnect::new(1008, "too many frames", Cause::Protocol));
                    }
                    self.receive(incoming);
                }
                Err(error) => {
                    return self.end(Disconnect::new(error.close_code(), error.message(), Cause::Protocol));
                }
            }
        }
    }

    fn receive(&mut self, incoming: Incoming) {
        match incoming {
            // A reply goes straight to the handler that waits for it, past everything that waits for that handler.
            Incoming::Text(text) if self.connection.take_reply(&text) => {}
            Incoming::Text(text) => self.keep(Read::Text(text)),
            Incoming::Binary(bytes) => self.keep(Read::Binary(bytes)),
            Incoming::Ping(payload) => {
                // Pings that come faster than pongs can leave need not all be answered (RFC 6455 §5.5.3).
                if self.control.len() >= PONGS {
                    self.control.pop_front();
                }
                self.control.push_back(codec::pong(&payload));
            }
            Incoming::Pong(_) => {}
            Incoming::Close(frame) => {
                let (code, reason) = frame.unwrap_or((1005, String::new()));
                self.client_closed = true;
                self.end(Disconnect::new(code, reason, Cause::Client));
            }
        }
    }

    fn keep(&mut self, read: Read) {
        self.incoming_bytes += read.len();
        self.incoming.push_back(read);
    }

    /// Whether the consumer keeps up: a slow one has a few messages waiting, and not more bytes than a longest one has.
    fn may_read(&self) -> bool {
        !self.read_over && self.incoming.len() < AHEAD && self.incoming_bytes <= self.limits.max_message
    }

    /// Nothing is read after this; what was read before it is still handled.
    fn end(&mut self, ending: Disconnect) {
        if !self.read_over {
            self.read_over = true;
            self.connection.no_more_replies();
            self.incoming.push_back(Read::End(ending));
        }
    }

    /// Writes what waits; ready when nothing does, or nothing can be written any more.
    pub(super) fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.write_over {
                return Poll::Ready(());
            }
            self.fill_batch();
            if self.batch.is_empty() {
                self.stuck = None;
                if self.needs_flush {
                    match ready!(Pin::new(&mut self.io).poll_flush(context)) {
                        Ok(()) => self.needs_flush = false,
                        Err(error) => self.write_failed(&error),
                    }
                }
                return Poll::Ready(());
            }
            match self.poll_write_batch(context) {
                Poll::Ready(Ok(0)) => self.write_failed(&io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(written)) => {
                    self.stuck = None;
                    self.needs_flush = true;
                    self.written(written);
                }
                Poll::Ready(Err(error)) => self.write_failed(&error),
                Poll::Pending => {
                    self.stuck.get_or_insert_with(Instant::now);
                    return Poll::Pending;
                }
            }
        }
    }

    /// One write: a plain one for a lone frame, which is the quicker call.
    fn poll_write_batch(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if let (1, Some(frame)) = (self.batch.len(), self.batch.iter().next()) {
            return Pin::new(&mut self.io).poll_write(context, frame);
        }
        let mut slices = [IoSlice::new(&[]); SLICES];
        let mut used = 0;
        for (slice, frame) in slices.iter_mut().zip(self.batch.iter()) {
            *slice = IoSlice::new(frame);
            used += 1;
        }
        Pin::new(&mut self.io).poll_write_vectored(context, &slices[..used])
    }

    /// Control frames first, but never inside another frame.
    fn fill_batch(&mut self) {
        if self.batch.is_empty() {
            std::mem::swap(&mut self.batch, &mut self.control);
            self.connection.drain_outgoing(&mut self.batch, WRITE);
            let (session, counters) = (self.connection.session(), self.connection.counters());
            if session.is_in_order() {
                self.batch.map(|frame| session.encode_in_order(&mut self.context, frame, counters));
            }
        }
    }

    fn written(&mut self, mut written: usize) {
        while written > 0
            && let Some(frame) = self.batch.front_mut()
        {
            let part = written.min(frame.len());
            frame.advance(part);
            written -= part;
            if frame.is_empty() {
                self.batch.pop_front();
            }
        }
    }

    fn write_failed(&mut self, error: &io::Error) {
        tracing::debug!(channel = %self.connection.name(), %error, "the socket cannot be written");
        self.write_is_over();
        self.end(Disconnect::lost());
    }

    fn write_is_over(&mut self) {
        self.write_over = true;
        self.stuck = None;
        self.batch.clear();
        self.connection.cut_off();
    }

    fn poll_deadlines(&mut self, context: &mut Context<'_>) {
        loop {
            let now = Instant::now();
            let Some((next, what)) = self.next_deadline() else { return };
            if next <= now {
                match what {
                    Deadline::Ping => {
                        self.pinged = Some(now);
                        self.control.push_back(codec::ping(b""));
                        let _ = self.poll_write(context);
                        continue;
                    }
                    Deadline::Pong => self.timed_out("answered no ping within `pong_timeout`"),
                    Deadline::Send => self.timed_out("took nothing within `send_timeout`"),
                }
                return;
            }
            // An early wake-up only looks again, so a deadline that moved away needs no reset.
            if self.timer.deadline() > next || self.timer.is_elapsed() {
                self.timer.as_mut().reset(next);
            }
            if self.timer.as_mut().poll(context).is_pending() {
                return;
            }
        }
    }

    fn next_deadline(&self) -> Option<(Instant, Deadline)> {
        let settings = self.connection.settings();
        // Also after the client's last word: a handler may still wait for it to take something.
        let send = self.stuck.map(|since| (since + far_away(settings.send_timeout), Deadline::Send));
        // While the consumer is slow and reading has stopped, a pong may be there unread.
        let heart = (self.may_read() && !settings.ping_interval.is_zero()).then(|| match self.pinged {
            Some(since) => (since + far_away(settings.pong_timeout), Deadline::Pong),
            None => (self.heard + far_away(settings.ping_interval), Deadline::Ping),
        });
        send.into_iter().chain(heart).min_by_key(|(at, _)| *at)
    }

    fn timed_out(&mut self, what: &str) {
        tracing::debug!(channel = %self.connection.name(), "the client {what}");
        self.write_is_over();
        self.end(Disconnect::new(1006, "", Cause::Timeout));
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deadline {
    Ping,
    Pong,
    Send,
}

/// A duration that an instant can take.
pub(super) fn far_away(duration: Duration) -> Duration {
    duration.min(Duration::from_secs(60 * 60 * 24 * 365))
}
