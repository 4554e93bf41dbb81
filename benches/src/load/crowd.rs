//! All connections of the client, and the loop that serves them.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use mio::{Events, Interest, Poll, Token};

use super::{
    handshake::request,
    process::Process,
    sips::Sips,
    socket::{Outcome, Socket},
    speech::Speech,
};

/// How long a crowd waits for anything at all before it gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// So many connections leave from one loopback address; the range of ports is a little over 28 000.
const PER_SOURCE: usize = 20_000;

/// Is told what the members get.
pub(crate) trait Watch {
    /// A member got a text.
    fn text(&mut self, member: usize, text: &[u8]);
    /// A member lost its connection.
    fn closed(&mut self, _member: usize) {}
}

/// Nobody looks.
impl Watch for () {
    fn text(&mut self, _: usize, _: &[u8]) {}
}

/// How to connect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    pub(crate) speech: Speech,
    /// Whether the handshakes carry a browser's headers.
    pub(crate) browser: bool,
    /// How many handshakes are under way at once.
    pub(crate) in_flight: usize,
    /// Whether to ask the kernel without waiting, which is right for a core of one's own.
    pub(crate) spin: bool,
}

/// The connections.
#[derive(Debug)]
pub(crate) struct Crowd {
    pub(crate) door: Door,
    pub(crate) members: Vec<Socket>,
    /// Processes that take part beside the server, whose CPU time is nobody else's.
    pub(crate) companions: Vec<Process>,
    poll: Poll,
    events: Events,
    buffer: Vec<u8>,
    ready: usize,
    gone: usize,
    /// What went wrong while connecting, or in a frame.
    failure: Option<String>,
    /// Who reads slowly.
    sips: Option<Sips>,
    /// How long there was nothing to do: the client is no bottleneck while this grows.
    idle: Duration,
}

impl Crowd {
    pub(crate) fn new(door: Door) -> io::Result<Self> {
        Ok(Self {
            door,
            members: Vec::new(),
            companions: Vec::new(),
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            buffer: vec![0; 256 * 1024],
            ready: 0,
            gone: 0,
            failure: None,
            sips: None,
            idle: Duration::ZERO,
        })
    }

    pub(crate) fn idle(&self) -> Duration {
        self.idle
    }

    /// Connects `count` members to the path that `path` answers for a room; member `n` is in room `n % rooms`.
    pub(crate) fn connect(
        &mut self,
        count: usize,
        rooms: usize,
        path: impl Fn(usize) -> String,
        receive_buffer: Option<usize>,
        watch: &mut impl Watch,
    ) -> Result<(), String> {
        let goal = self.members.len() + count;
        let mut last_progress = (Instant::now(), self.ready);
        while self.ready + self.gone < goal {
            while self.members.len() < goal && self.members.len() - self.ready - self.gone < self.door.in_flight {
                let room = self.members.len() % rooms;
                self.open(room, &path(room), receive_buffer).map_err(|error| format!("cannot connect: {error}"))?;
            }
            self.turn(Duration::from_millis(100), watch)?;
            if self.ready > last_progress.1 {
                last_progress = (Instant::now(), self.ready);
            } else if last_progress.0.elapsed() > PATIENCE {
                return Err(format!("{} of {goal} handshakes done, then no more", self.ready));
            }
        }
        if self.gone > 0 {
            return Err(format!("{} of {goal} members lost their connection while others connected", self.gone));
        }
        Ok(())
    }

    fn open(&mut self, room: usize, path: &str, receive_buffer: Option<usize>) -> io::Result<()> {
        let number = self.members.len();
        let request = request(self.door.address, path, self.door.browser);
        let source = (number >= PER_SOURCE)
            .then(|| SocketAddr::from((Ipv4Addr::new(127, 0, 0, (1 + number / PER_SOURCE) as u8), 0)));
        let mut socket = Socket::open(self.door.address, source, receive_buffer, room, request)?;
        let interest = Interest::READABLE | Interest::WRITABLE;
        self.poll.registry().register(&mut socket.stream, Token(number), interest)?;
        self.members.push(socket);
        Ok(())
    }

    /// No longer reads what this member is sent.
    pub(crate) fn neglect(&mut self, member: usize) -> io::Result<()> {
        self.poll.registry().deregister(&mut self.members[member].stream)
    }

    /// Lets these members read so many bytes a second, and looks at none of what they are sent.
    pub(crate) fn let_sip(&mut self, members: Vec<usize>, per_second: usize) {
        self.sips = Some(Sips::new(members, per_second));
    }

    /// Waits for events, not longer than `timeout`, and handles them.
    pub(crate) fn turn(&mut self, timeout: Duration, watch: &mut impl Watch) -> Result<(), String> {
        if let Some(sips) = &mut self.sips {
            sips.turn(&mut self.members, &mut self.buffer);
        }
        let before = Instant::now();
        let timeout = if self.door.spin { Duration::ZERO } else { timeout };
        match self.poll.poll(&mut self.events, Some(timeout)) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(format!("cannot poll: {error}")),
            _ => {}
        }
        if self.events.is_empty() || !self.door.spin {
            self.idle += before.elapsed();
        }
        for event in &self.events {
            let Token(number) = event.token();
            let socket = &mut self.members[number];
            if socket.is_gone() {
                continue;
            }
            let was_ready = socket.is_ready();
            let mut result = Ok(Outcome::Same);
            if event.is_writable() {
                result = socket.writable().map(|()| Outcome::Same);
            }
            if result.is_ok() && (event.is_readable() || event.is_read_closed()) {
                let speech = self.door.speech;
                result = socket.readable(&mut self.buffer, speech, |text| watch.text(number, text));
            }
            match result {
                Ok(Outcome::Same) => {}
                Ok(Outcome::BecameReady) => self.ready += 1,
                Ok(Outcome::Ended) => {
                    self.ready -= usize::from(was_ready);
                    self.gone += 1;
                    watch.closed(number);
                }
                Err(error) => self.failure = Some(error),
            }
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Serves the members for a while, without looking at what they get.
    pub(crate) fn rest(&mut self, time: Duration) -> Result<(), String> {
        let start = Instant::now();
        while start.elapsed() < time {
            self.turn(Duration::from_millis(20), &mut ())?;
        }
        Ok(())
    }
}
