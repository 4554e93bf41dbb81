//! What tungstenite makes of the same bytes.
//!
//! Where it differs, we keep to our own: we refuse at the wrong byte, and it at the frame's end; we refuse lengths that
//! are not minimal; it answers a bad close code instead of refusing it, does not know 1014
//! (registered since), and goes on after a close frame.

use bytes::Bytes;
use std::io::{self, Cursor, Read, Write};
use tungstenite::{
    Error, Message, WebSocket,
    protocol::{Role, WebSocketConfig},
};

use super::{
    Outcome,
    source::{self, Incoming, Limits, error::ProtocolError},
};

/// A socket that has `R` to read, and nothing more for now after that.
struct Socket<R>(R);

impl<R: Read> Read for Socket<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            read => Ok(read),
        }
    }
}

impl<R> Write for Socket<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sees that tungstenite gives the same messages, and refuses what we refuse.
pub(super) fn agrees(limits: &Limits, bytes: &[u8], ours: &Outcome) {
    let (messages, refused) = match ours.error {
        // It refuses when the frame is whole, so it gets as much as the longest one may need.
        Some(_) => verdict(limits, bytes.chain(Cursor::new(vec![0; limits.max_frame + 14]))),
        None => verdict(limits, bytes),
    };
    // A control frame's length in more bytes than one is too long for us before we see that it is not minimal.
    if matches!(ours.error, Some(ProtocolError::LengthNotMinimal | ProtocolError::LongControl)) {
        assert!(messages.starts_with(&ours.messages), "tungstenite gives {messages:?}, we {ours:?}");
        return;
    }
    if let Some((Incoming::Close(Some((1014, _))), before)) = ours.messages.split_last() {
        assert_eq!((&*messages, refused), (before, true));
        return;
    }
    assert_eq!(messages, ours.messages, "tungstenite's messages, and ours, for {bytes:02x?}");
    assert_eq!(refused, ours.error.is_some(), "tungstenite refuses {bytes:02x?}, and we say {:?}", ours.error);
}

/// What a server of tungstenite gives, up to a close frame, and whether it refused the stream.
fn verdict(limits: &Limits, input: impl Read) -> (Vec<Incoming>, bool) {
    let config = WebSocketConfig::default()
        .read_buffer_size(1024)
        .max_message_size(Some(limits.max_message))
        .max_frame_size(Some(limits.max_frame));
    let mut socket = WebSocket::from_raw_socket(Socket(input), Role::Server, Some(config));
    let mut messages = Vec::new();
    loop {
        match socket.read() {
            Ok(Message::Close(Some(frame))) if frame.reason == "Protocol violation" => return (messages, true),
            Ok(Message::Close(frame)) => {
                messages.push(Incoming::Close(frame.map(|frame| (frame.code.into(), frame.reason.to_string()))));
                return (messages, false);
            }
            Ok(Message::Text(text)) => messages.push(Incoming::Text(text.to_string())),
            Ok(Message::Binary(payload)) => messages.push(Incoming::Binary(payload)),
            Ok(Message::Ping(payload)) => messages.push(Incoming::Ping(payload)),
            Ok(Message::Pong(payload)) => messages.push(Incoming::Pong(payload)),
            Ok(Message::Frame(_)) => unreachable!("never read"),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => return (messages, false),
            Err(Error::Protocol(_) | Error::Capacity(_) | Error::Utf8(_)) => return (messages, true),
            Err(error) => panic!("tungstenite: {error}"),
        }
    }
}

/// Sees that a client of tungstenite reads our frame of a message as that message.
pub(super) fn reads_back(message: &Incoming) {
    let frame: Bytes = match message {
        Incoming::Text(text) => source::text(text).into(),
        Incoming::Binary(payload) => source::binary(payload).into(),
        Incoming::Ping(payload) => source::ping(payload),
        Incoming::Pong(payload) => source::pong(payload),
        Incoming::Close(reason) => source::close(reason.as_ref().map(|(code, reason)| (*code, &**reason))),
    };
    if matches!(message, Incoming::Close(Some((1014, _)))) {
        return;
    }
    let mut client = WebSocket::from_raw_socket(Socket(&*frame), Role::Client, None);
    let read = match client.read().expect("a frame of ours") {
        Message::Text(text) => Incoming::Text(text.to_string()),
        Message::Binary(payload) => Incoming::Binary(payload),
        Message::Ping(payload) => Incoming::Ping(payload),
        Message::Pong(payload) => Incoming::Pong(payload),
        Message::Close(frame) => Incoming::Close(frame.map(|frame| (frame.code.into(), frame.reason.to_string()))),
        Message::Frame(_) => unreachable!("never read"),
    };
    assert_eq!(read, *message);
}
