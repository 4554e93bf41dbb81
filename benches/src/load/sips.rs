//! Members that read slowly, whatever they are sent.

use std::{
    io::Read,
    time::{Duration, Instant},
};

use super::socket::Socket;

/// How often they read.
const EVERY: Duration = Duration::from_millis(20);

/// Some members, and when they read next.
#[derive(Debug)]
pub(crate) struct Sips {
    members: Vec<usize>,
    /// How much each reads at a time.
    bytes: usize,
    next: Instant,
}

impl Sips {
    /// Lets each of `members` read so many bytes a second.
    pub(crate) fn new(members: Vec<usize>, per_second: usize) -> Self {
        let bytes = per_second / (1000 / EVERY.as_millis() as usize);
        Self { members, bytes, next: Instant::now() }
    }

    /// Reads if it is time; what is read is looked at by nobody.
    pub(crate) fn turn(&mut self, sockets: &mut [Socket], buffer: &mut [u8]) {
        let now = Instant::now();
        if now < self.next {
            return;
        }
        // Not `+=`: a client that was busy must not make up for it in one go.
        self.next = now + EVERY;
        let buffer = &mut buffer[..self.bytes];
        // A member that was cut off reads no more.
        self.members.retain(|member| match sockets[*member].stream.read(buffer) {
            Ok(read) => read > 0,
            Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
        });
    }
}
