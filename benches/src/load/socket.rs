//! One connection of the client, from the first byte of its handshake on.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::SocketAddr,
    time::Duration,
};

use mio::net::TcpStream;
use socket2::{Domain, Protocol, SockAddr, Type};

use super::{
    frame::{Frame, Frames, Kind, write_frame},
    handshake::{Response, response},
    speech::{Speech, Step},
};

/// How far a connection has come.
#[derive(Debug)]
enum Stage {
    /// Holds the request, which is sent as soon as the connection stands.
    Connecting(Vec<u8>),
    /// Holds what came of the response.
    Upgrading(Vec<u8>),
    /// Holds what Socket.IO needs before the first message.
    Preparing,
    Ready,
    Gone,
}

/// What an event on a socket has led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Same,
    BecameReady,
    Ended,
}

/// A client's connection.
#[derive(Debug)]
pub(crate) struct Socket {
    pub(crate) stream: TcpStream,
    pub(crate) room: usize,
    stage: Stage,
    frames: Frames,
    /// What the kernel did not take at once.
    unsent: Vec<u8>,
    /// Reused for each frame that goes out.
    frame: Vec<u8>,
}

impl Socket {
    /// Starts to connect; `receive_buffer` is for clients that are to fill up soon.
    ///
    /// These also take segments no longer than Ethernet's: with loopback's of 64 KiB, the kernel of the sender would
    /// keep megabytes for them.
    pub(crate) fn open(
        address: SocketAddr,
        source: Option<SocketAddr>,
        receive_buffer: Option<usize>,
        room: usize,
        request: Vec<u8>,
    ) -> io::Result<Self> {
        let socket = socket2::Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        // A reset instead of a farewell at the end: it leaves no port behind that waits for a minute.
        socket.set_linger(Some(Duration::ZERO))?;
        if let Some(size) = receive_buffer {
            socket.set_recv_buffer_size(size)?;
            socket.set_tcp_mss(1460)?;
        }
        if let Some(source) = source {
            socket.bind(&SockAddr::from(source))?;
        }
        match socket.connect(&SockAddr::from(address)) {
            Err(error) if error.raw_os_error() != Some(115) && error.kind() != ErrorKind::WouldBlock => Err(error)?,
            _ => {}
        }
        Ok(Self {
            stream: TcpStream::from_std(socket.into()),
            room,
            stage: Stage::Connecting(request),
            frames: Frames::default(),
            unsent: Vec::new(),
            frame: Vec::new(),
        })
    }

    pub(crate) fn is_ready(&self) -> bool {
        matches!(self.stage, Stage::Ready)
    }

    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.stage, Stage::Gone)
    }

    /// Sends one text.
    pub(crate) fn say(&mut self, text: &[u8]) {
        self.say_times(text, 1);
    }

    /// Sends the same text so many times, in one write.
    pub(crate) fn say_times(&mut self, text: &[u8], times: usize) {
        let mut frame = std::mem::take(&mut self.frame);
        frame.clear();
        for _ in 0..times {
            write_frame(Kind::Text, text, &mut frame);
        }
        self.send(&frame);
        self.frame = frame;
    }

    /// Writes, or keeps what the kernel does not take; a broken socket shows when it is read.
    fn send(&mut self, bytes: &[u8]) {
        if !self.unsent.is_empty() {
            self.unsent.extend_from_slice(bytes);
            return;
        }
        match self.stream.write(bytes) {
            Ok(written) => self.unsent.extend_from_slice(&bytes[written..]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.unsent.extend_from_slice(bytes),
            Err(_) => {}
        }
    }

    /// Goes on where the kernel did not take more, and sends the request once there is a connection.
    pub(crate) fn writable(&mut self) -> Result<(), String> {
        if let Stage::Connecting(request) = &mut self.stage {
            if let Some(error) = self.stream.take_error().map_err(|error| error.to_string())? {
                return Err(format!("cannot connect: {error}"));
            }
            if self.stream.peer_addr().is_err() {
                return Ok(());
            }
            let request = std::mem::take(request);
            self.stage = Stage::Upgrading(Vec::new());
            self.send(&request);
        } else if !self.unsent.is_empty() {
            let bytes = std::mem::take(&mut self.unsent);
            self.send(&bytes);
        }
        Ok(())
    }

    /// Reads all there is and calls `each` with every text that is not part of getting ready.
    pub(crate) fn readable(
        &mut self,
        buffer: &mut [u8],
        speech: Speech,
        mut each: impl FnMut(&[u8]),
    ) -> Result<Outcome, String> {
        let was_ready = self.is_ready();
        loop {
            let length = match self.stream.read(buffer) {
                Ok(0) => return Ok(self.end()),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {
                    return Ok(self.end());
                }
                Err(error) => return Err(format!("cannot read: {error}")),
            };
            if !self.take(&buffer[..length], speech, &mut each)? {
                return Ok(self.end());
            }
            // The socket is edge-triggered: less than the buffer holds means that nothing is left.
            if length < buffer.len() {
                break;
            }
        }
        Ok(if !was_ready && self.is_ready() { Outcome::BecameReady } else { Outcome::Same })
    }

    pub(crate) fn end(&mut self) -> Outcome {
        self.stage = Stage::Gone;
        Outcome::Ended
    }

    /// Handles bytes that came; answers whether the connection goes on.
    fn take(&mut self, bytes: &[u8], speech: Speech, each: &mut impl FnMut(&[u8])) -> Result<bool, String> {
        let Stage::Upgrading(head) = &mut self.stage else {
            return self.take_frames(bytes, speech, each);
        };
        head.extend_from_slice(bytes);
        match response(head) {
            Response::Incomplete => Ok(true),
            Response::Refused(line) => Err(format!("the server refused the handshake: {line}")),
            Response::Upgraded(used) => {
                let rest = head.split_off(used);
                self.stage = if speech.ready_at_once() { Stage::Ready } else { Stage::Preparing };
                self.take_frames(&rest, speech, each)
            }
        }
    }

    fn take_frames(&mut self, bytes: &[u8], speech: Speech, each: &mut impl FnMut(&[u8])) -> Result<bool, String> {
        let (mut ready, mut open, room) = (self.is_ready(), true, self.room);
        let mut answers = Vec::new();
        let read = self.frames.read(bytes, |frame| match frame {
            Frame::Data(text) if speech.heartbeat(text).is_some() => {
                write_frame(Kind::Text, speech.heartbeat(text).unwrap_or_default(), &mut answers);
            }
            Frame::Data(text) if ready => each(text),
            Frame::Data(text) => match speech.step(text, room) {
                Step::Say(text) => write_frame(Kind::Text, text.as_bytes(), &mut answers),
                Step::Ready => ready = true,
                Step::Wait => {}
            },
            Frame::Ping(payload) => write_frame(Kind::Pong, payload, &mut answers),
            Frame::Pong => {}
            Frame::Close(_) => open = false,
        });
        read.map_err(|malformed| malformed.to_string())?;
        if ready {
            self.stage = Stage::Ready;
        }
        if !answers.is_empty() {
            self.send(&answers);
        }
        Ok(open)
    }
}
