//! The codec against tungstenite, another reading of the same RFC.
//!
//! Known differences, all of them ours to keep:
//! - we refuse as soon as the wrong byte is there, tungstenite when the frame is; it is given zeros until it is;
//! - we refuse lengths that are not minimal, tungstenite takes them;
//! - we refuse a bad close code, tungstenite gives a close frame of its own making (1002) instead;
//! - tungstenite goes on after a close frame; what it says then is not looked at.

use std::io::{self, Cursor, Read, Write};

use proptest::{collection::vec, prelude::*, sample::Index};
use tungstenite::{
    Error, Message, WebSocket,
    protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
};

use super::{
    splits::{any_frame, message, pieces},
    *,
};
use crate::codec as server;

const SHARED: Limits = Limits { max_message: 2000, max_frame: 1000, max_fragments: usize::MAX };

/// A socket with `input` to read, which then has nothing more for now.
struct Socket<R> {
    input: R,
    output: Vec<u8>,
}

impl<R: Read> Read for Socket<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.input.read(buffer)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            read => Ok(read),
        }
    }
}

impl<R> Write for Socket<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn tungstenite<R: Read>(role: Role, input: R) -> WebSocket<Socket<R>> {
    let config = WebSocketConfig::default()
        .read_buffer_size(1024)
        .max_message_size(Some(SHARED.max_message))
        .max_frame_size(Some(SHARED.max_frame));
    WebSocket::from_raw_socket(Socket { input, output: Vec::new() }, role, Some(config))
}

/// What tungstenite's server makes of `input`, and whether it refused it. It stops at a close frame.
fn verdict(input: impl Read) -> (Vec<Incoming>, bool) {
    let mut socket = tungstenite(Role::Server, input);
    let mut messages = vec![];
    loop {
        match socket.read() {
            Ok(Message::Close(Some(frame))) if frame.reason == "Protocol violation" => return (messages, true),
            Ok(Message::Close(frame)) => {
                let close = frame.map(|frame| (frame.code.into(), frame.reason.to_string()));
                messages.push(Incoming::Close(close));
                return (messages, false);
            }
            Ok(Message::Text(payload)) => messages.push(text(&payload)),
            Ok(Message::Binary(payload)) => messages.push(Incoming::Binary(payload)),
            Ok(Message::Ping(payload)) => messages.push(Incoming::Ping(payload)),
            Ok(Message::Pong(payload)) => messages.push(Incoming::Pong(payload)),
            Ok(Message::Frame(_)) => unreachable!("never read"),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => return (messages, false),
            Err(Error::Protocol(_) | Error::Capacity(_) | Error::Utf8(_)) => return (messages, true),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Checks that both give the same messages and the same verdict, but for the known differences.
fn agree(bytes: &[u8]) -> Result<(), TestCaseError> {
    let ours = decode(&SHARED, [bytes]);
    let (messages, refused) = match ours.error {
        // Enough for the longest frame that it waits for.
        Some(_) => verdict(bytes.chain(Cursor::new([0; SHARED.max_frame + 14]))),
        None => verdict(bytes),
    };
    if ours.error == Some(ProtocolError::LengthNotMinimal) {
        prop_assert!(messages.starts_with(&ours.messages));
        return Ok(());
    }
    prop_assert_eq!(messages, ours.messages);
    prop_assert_eq!(refused, ours.error.is_some(), "we say {:?}", ours.error);
    Ok(())
}

proptest! {
    #[test]
    fn valid_messages(messages in vec(message(), 1..6)) {
        agree(&messages.concat())?;
    }

    #[test]
    fn any_frames(frames in vec(any_frame(), 1..8)) {
        agree(&frames.concat())?;
    }

    #[test]
    fn mutated_bytes(messages in vec(message(), 1..4), mutations in vec((any::<Index>(), any::<u8>()), 1..4)) {
        let mut bytes = messages.concat();
        for (at, byte) in mutations {
            *at.get_mut(&mut bytes) ^= byte;
        }
        agree(&bytes)?;
    }

    #[test]
    fn mutated_headers(messages in vec(message(), 1..4), which in any::<Index>(), first: u8, second: u8) {
        let mut messages = messages;
        let message = which.get_mut(&mut messages);
        message[0] ^= first;
        message[1] ^= second;
        agree(&messages.concat())?;
    }

    #[test]
    fn what_its_client_writes_we_read(sent in vec(outgoing(), 1..8), cuts in vec(any::<Index>(), 0..20)) {
        let mut client = tungstenite(Role::Client, io::empty());
        for message in &sent {
            client.send(message.clone()).expect("written to memory");
        }
        let bytes = &client.get_ref().output;
        let read = decode(&LIMITS, pieces(bytes, &cuts));
        let expected: Vec<_> = sent.iter().map(incoming).collect();
        prop_assert_eq!(read, Outcome { messages: expected, error: None });
    }

    #[test]
    fn what_we_write_its_client_reads(sent in vec(outgoing(), 1..8)) {
        let bytes: Vec<u8> = sent.iter().flat_map(server_frame).collect();
        let mut client = tungstenite(Role::Client, bytes.as_slice());
        for message in sent {
            prop_assert_eq!(client.read().expect("a message"), message);
        }
        prop_assert!(client.read().is_err(), "and nothing else");
    }
}

/// A message as tungstenite has it, in the lengths around each form of header.
fn outgoing() -> impl Strategy<Value = Message> {
    let payload =
        (prop_oneof![0..10_usize, 120..130_usize, Just(1000)], any::<u8>()).prop_map(|(len, byte)| vec![byte; len]);
    let control = vec(any::<u8>(), 0..126);
    prop_oneof![
        vec(any::<char>(), 0..200).prop_map(|text| Message::text(String::from_iter(text))),
        payload.prop_map(Message::binary),
        control.clone().prop_map(|payload| Message::Ping(payload.into())),
        control.prop_map(|payload| Message::Pong(payload.into())),
    ]
}

fn server_frame(message: &Message) -> bytes::Bytes {
    match message {
        Message::Text(text) => server::text(text).into(),
        Message::Binary(payload) => server::binary(payload).into(),
        Message::Ping(payload) => server::ping(payload),
        Message::Pong(payload) => server::pong(payload),
        Message::Close(_) | Message::Frame(_) => unreachable!("not among the outgoing"),
    }
}

fn incoming(message: &Message) -> Incoming {
    match message.clone() {
        Message::Text(payload) => text(&payload),
        Message::Binary(payload) => Incoming::Binary(payload),
        Message::Ping(payload) => Incoming::Ping(payload),
        Message::Pong(payload) => Incoming::Pong(payload),
        Message::Close(_) | Message::Frame(_) => unreachable!("not among the outgoing"),
    }
}

#[test]
fn close_frames() {
    let frame = CloseFrame { code: CloseCode::Policy, reason: "not here".into() };
    for close in [None, Some(frame)] {
        let reason = close.as_ref().map(|frame| (frame.code.into(), frame.reason.as_str()));
        let bytes = server::close(reason);
        let mut client = tungstenite(Role::Client, &bytes[..]);
        assert_eq!(client.read().expect("a close frame"), Message::Close(close.clone()));

        let mut client = tungstenite(Role::Client, io::empty());
        client.close(close.clone()).expect("written to memory");
        let expected = Incoming::Close(reason.map(|(code, reason)| (code, reason.to_owned())));
        assert_eq!(messages(&client.get_ref().output), [expected]);
    }
}

#[test]
fn long_messages() {
    for len in [125, 126, 65_535, 65_536] {
        let message = Message::binary(vec![5; len]);
        let bytes = server_frame(&message);
        let mut client = WebSocket::from_raw_socket(Cursor::new(bytes.to_vec()), Role::Client, None);
        assert_eq!(client.read().expect("a message"), message);

        let mut client = tungstenite(Role::Client, io::empty());
        client.send(message.clone()).expect("written to memory");
        assert_eq!(messages(&client.get_ref().output), [incoming(&message)]);
    }
}
