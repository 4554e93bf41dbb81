//! An open connection: reads, handles one thing after the other, writes, and rests.

use std::{
    collections::VecDeque,
    mem::MaybeUninit,
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, ReadBuf};

use super::{
    Connection, Rest, answer,
    few::Few,
    heart::{Beat, Heart},
    heartbeat,
    inbox::Entry,
    intake::{self, Intake, Read},
    life::{Membership, Staying},
    receive::takes_json,
    run::{self, Running, Work},
    socket::Socket,
};
use crate::{
    close::{Cause, Disconnect},
    codec::{self, Incoming},
    consumer::Consumer,
};

/// How much one read may bring.
pub(super) const READ: usize = 16 * 1024;

/// How many things are handled before the socket and the other tasks get their turn.
const TURN: usize = 32;

/// A connection whose handshake is done.
pub(super) struct Open<C: Consumer> {
    membership: Membership,
    staying: Staying,
    socket: Socket,
    /// The consumer at rest; `None` while a handler has it.
    work: Option<Box<Work<C>>>,
    running: Option<Running<C>>,
    /// Whether an event is next when both an event and a frame wait: they take turns, so that neither a busy client nor
    /// a busy group starves the other.
    events_first: bool,
    intake: Intake,
    heart: Heart,
}

/// What is left of a connection for its end.
pub(super) struct Left<C: Consumer> {
    pub(super) connection: Arc<Connection>,
    pub(super) membership: Membership,
    pub(super) staying: Staying,
    pub(super) work: Option<Box<Work<C>>>,
    pub(super) socket: Socket,
    pub(super) intake: Intake,
}

enum Next {
    Messages(Few<Read>),
    Events(VecDeque<Entry>),
    End(Disconnect),
}

impl<C: Consumer> Open<C> {
    pub(super) fn new(membership: Membership, staying: Staying, work: Box<Work<C>>, socket: Socket) -> Self {
        let intake = Intake::new(membership.connection());
        membership.connection().begin_lifetime();
        Self {
            membership,
            staying,
            socket,
            work: Some(work),
            running: None,
            events_first: false,
            intake,
            heart: Heart::new(),
        }
    }

    /// What is left for the end.
    pub(super) fn leave(mut self) -> Left<C> {
        self.heart.cancel(self.membership.connection());
        let Self { membership, staying, work, socket, intake, .. } = self;
        Left { connection: Arc::clone(membership.connection()), membership, staying, work, socket, intake }
    }

    fn connection(&self) -> &Arc<Connection> {
        self.membership.connection()
    }

    /// Handles whatever comes, until something ends the connection.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Disconnect> {
        if self.connection().attend() {
            self.heart.rang();
        }
        let mut handled = 0;
        loop {
            if let Some(ending) = self.poll_handlers(&mut handled, context) {
                return Poll::Ready(ending);
            }
            if handled >= TURN {
                // Handlers that never wait would keep the thread for as long as something waits for them.
                let _ = self.socket.poll_write(self.membership.connection(), context);
                while self.poll_read(context).is_ready() {}
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            // What was handled is answered in one write.
            let blocked = self.socket.poll_write(self.membership.connection(), context).is_pending();
            if self.beat(blocked) {
                continue;
            }
            match self.connection().rest(self.running.is_some(), blocked, context) {
                Rest::Asleep => {
                    self.intake.rest();
                    return Poll::Pending;
                }
                Rest::News => {}
                Rest::CutOff => self.end(Disconnect::lost()),
            }
        }
    }

    /// Runs handlers until there is nothing to handle, or a handler waits, or others must get their turn.
    fn poll_handlers(&mut self, handled: &mut usize, context: &mut Context<'_>) -> Option<Disconnect> {
        loop {
            if let Some(running) = &mut self.running {
                match running.as_mut().poll(context) {
                    Poll::Ready(done) => {
                        self.running = None;
                        self.work = Some(done.work);
                        self.intake.put_back(done.left);
                        *handled += done.handled;
                        if *handled >= TURN {
                            return None;
                        }
                    }
                    // Beside the handler the socket is read, and what ends there may end the handler.
                    Poll::Pending => {
                        self.connection().note_waited(true);
                        let was_gone = self.connection().client_is_gone();
                        while self.poll_read(context).is_ready() {}
                        if was_gone || !self.connection().client_is_gone() {
                            return None;
                        }
                        continue;
                    }
                }
            }
            match self.next() {
                Some(Next::End(ending)) => return Some(ending),
                Some(Next::Events(events)) => self.start(|work| run::events(work, events)),
                Some(Next::Messages(messages)) => self.start(|work| run::frames(work, messages)),
                None => {
                    if self.poll_read(context).is_pending() {
                        return None;
                    }
                }
            }
        }
    }

    fn start(&mut self, handler: impl FnOnce(Box<Work<C>>) -> Running<C>) {
        self.connection().note_waited(false);
        // It is here whenever no handler runs.
        self.running = self.work.take().map(handler);
    }

    fn next(&mut self) -> Option<Next> {
        if let Some(ending) = self.connection().ending() {
            return Some(Next::End(ending));
        }
        let next = if self.events_first {
            self.next_events().or_else(|| self.next_messages())
        } else {
            self.next_messages().or_else(|| self.next_events())
        };
        self.events_first = matches!(next, Some(Next::Messages(_)));
        next
    }

    fn next_events(&self) -> Option<Next> {
        self.connection().next_waiting().map(Next::Events)
    }

    fn next_messages(&mut self) -> Option<Next> {
        Some(match self.intake.take()? {
            intake::Next::Messages(messages) => Next::Messages(messages),
            intake::Next::End(ending) => Next::End(ending),
        })
    }

    /// Reads once; ready when that brought something, pending too when the consumer is to catch up first.
    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !self.intake.listens(self.connection().settings()) {
            return Poll::Pending;
        }
        // On the stack, which every thread has, so that no connection keeps a buffer.
        let mut room = [const { MaybeUninit::<u8>::uninit() }; READ];
        let mut buffer = ReadBuf::uninit(&mut room);
        match ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer)) {
            Ok(()) if !buffer.filled().is_empty() => {
                self.heart.hear();
                self.connection().local().traffic().read(buffer.filled().len());
                self.decode(buffer.filled());
            }
            Ok(()) | Err(_) => self.end(Disconnect::lost()),
        }
        Poll::Ready(())
    }

    fn decode(&mut self, mut input: &[u8]) {
        while !self.intake.over {
            match self.intake.decode(self.membership.connection().settings(), &mut input) {
                Ok(None) => return,
                Ok(Some(incoming)) => {
                    if let Err(beyond) = self.intake.admits(self.membership.connection().settings(), &incoming) {
                        let (setting, reason) = beyond.told();
                        tracing::warn!(channel = %self.connection().name(), "the client sends more than `{setting}` allows; closing with 1008");
                        return self.end(Disconnect::new(1008, reason, Cause::Protocol));
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
        if matches!(incoming, Incoming::Text(_) | Incoming::Binary(_)) {
            self.connection().local().traffic().message();
            self.connection().seen.touch();
        }
        match incoming {
            // A reply goes straight to the handler that waits for it, past everything that waits for that handler.
            Incoming::Text(text) if self.connection().take_reply(&text) => {}
            // Answered beside a handler that takes its time: the line is well.
            Incoming::Text(text) if self.take_heartbeat(&text) => {}
            Incoming::Text(text) => self.intake.keep(Read::Text(text)),
            Incoming::Binary(bytes) => self.intake.keep(Read::Binary(bytes)),
            Incoming::Ping(payload) => self.connection().push_control(codec::pong(&payload)),
            Incoming::Pong(_) => {}
            Incoming::Close(frame) => {
                let (code, reason) = frame.unwrap_or((1005, String::new()));
                self.intake.client_closed = true;
                self.end(Disconnect::new(code, reason, Cause::Client));
            }
        }
    }

    /// Answers a client's sign of life; false when the text is none. A consumer of plain text gets every text.
    fn take_heartbeat(&self, text: &str) -> bool {
        let Some(id) = heartbeat::id(text).filter(|_| takes_json::<C>()) else { return false };
        self.connection().push(answer::reply(Some(&id), None));
        true
    }

    /// Nothing is read after this; what was read before it is still handled.
    fn end(&mut self, ending: Disconnect) {
        if std::mem::replace(&mut self.intake.over, true) {
            return;
        }
        self.connection().no_more_replies();
        if matches!(ending.cause(), Cause::Client | Cause::Lost | Cause::Timeout) {
            self.connection().gone.store(true, Ordering::Release);
        }
        self.intake.keep_end(ending);
    }

    /// Looks at the clock; true when that changed something.
    fn beat(&mut self, blocked: bool) -> bool {
        let listens = self.intake.listens(self.connection().settings());
        let stuck = if blocked { self.connection().stuck() } else { None };
        match self.heart.beat(self.membership.connection(), listens, stuck) {
            Beat::Well => false,
            Beat::Expiring => {
                self.connection().tell_expiring();
                true
            }
            Beat::Expired => {
                self.connection().expire();
                true
            }
            Beat::Ping => {
                self.connection().push_control(codec::ping(b""));
                true
            }
            Beat::Dead(what) => {
                tracing::debug!(channel = %self.connection().name(), "the client {what}");
                self.connection().cut_off();
                let over = self.intake.over;
                self.end(Disconnect::new(1006, "", Cause::Timeout));
                !over
            }
        }
    }
}
