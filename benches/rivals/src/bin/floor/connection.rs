//! One connection of the floor.

use std::io::{ErrorKind, Read, Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use mio::net::TcpStream;
use sha1::{Digest, Sha1};

/// What a read has led to.
pub enum Input {
    /// Frames to send on, ready as they are.
    Frames,
    /// The handshake is done; the client is in this room.
    Joined(String),
    Ended,
}

pub struct Connection {
    stream: TcpStream,
    /// The name of its room; empty before the handshake, none for an echo.
    pub room: Option<String>,
    open: bool,
    /// A part of a request or of a frame.
    partial: Vec<u8>,
    /// What the socket did not take.
    unsent: Vec<u8>,
}

impl Connection {
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, room: None, open: false, partial: Vec::new(), unsent: Vec::new() }
    }

    /// Reads what there is; texts become frames.
    pub fn read(&mut self, buffer: &mut [u8], frames: &mut Vec<Vec<u8>>) -> Input {
        loop {
            let length = match self.stream.read(buffer) {
                Ok(0) => return Input::Ended,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Input::Frames,
                Err(_) => return Input::Ended,
            };
            if !self.open {
                self.partial.extend_from_slice(&buffer[..length]);
                if self.partial.ends_with(b"\r\n\r\n") {
                    return self.accept();
                }
            } else if self.partial.is_empty() {
                let used = take_frames(&mut buffer[..length], frames);
                self.partial.extend_from_slice(&buffer[used..length]);
            } else {
                self.partial.extend_from_slice(&buffer[..length]);
                let used = take_frames(&mut self.partial, frames);
                self.partial.drain(..used);
            }
            // Edge-triggered: less than the buffer holds means that nothing is left.
            if length < buffer.len() {
                return Input::Frames;
            }
        }
    }

    fn accept(&mut self) -> Input {
        let request = String::from_utf8(std::mem::take(&mut self.partial)).unwrap_or_default();
        let key = request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap_or_default();
        let digest = Sha1::digest(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
        let accept = BASE64_STANDARD.encode(digest);
        let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
        self.write(format!("{head}Sec-WebSocket-Accept: {accept}\r\n\r\n").as_bytes());
        self.open = true;
        match request.split(' ').nth(1) {
            Some(path) if path.starts_with("/ws/chat/") => {
                self.room = Some(path.to_owned());
                Input::Joined(path.to_owned())
            }
            _ => Input::Frames,
        }
    }

    /// Writes at once; what the socket does not take waits.
    pub fn write(&mut self, bytes: &[u8]) {
        if !self.unsent.is_empty() {
            self.unsent.extend_from_slice(bytes);
            return;
        }
        match self.stream.write(bytes) {
            Ok(written) => self.unsent.extend_from_slice(&bytes[written..]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.unsent.extend_from_slice(bytes),
            // A broken connection shows when it is read.
            Err(_) => {}
        }
    }

    /// Writes what waits.
    pub fn flush(&mut self) {
        if !self.unsent.is_empty() {
            let bytes = std::mem::take(&mut self.unsent);
            self.write(&bytes);
        }
    }
}

/// Turns the masked text frames at the start of `bytes` into frames to send; answers how long they were.
fn take_frames(bytes: &mut [u8], frames: &mut Vec<Vec<u8>>) -> usize {
    let mut at = 0;
    while let [first, second, rest @ ..] = &bytes[at..] {
        let (length, header) = match (second & 0x7f, rest) {
            (126, [a, b, ..]) => (usize::from(u16::from_be_bytes([*a, *b])), 4),
            (126 | 127, _) => break,
            (short, _) => (usize::from(short), 2),
        };
        let (kind, from) = (first & 0x0f, at + header + 4);
        if bytes.len() < from + length {
            break;
        }
        if kind == 1 {
            let mask = [bytes[from - 4], bytes[from - 3], bytes[from - 2], bytes[from - 1]];
            let mut frame = vec![0x81];
            match length {
                0..=125 => frame.push(length as u8),
                _ => frame.extend([&[126][..], &(length as u16).to_be_bytes()].concat()),
            }
            let payload = &bytes[from..from + length];
            frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
            frames.push(frame);
        }
        at = from + length;
    }
    at
}
