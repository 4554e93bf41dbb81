//! The client's side of the protocol, for a client that speaks another one: what it says as frames, and the server's frames.

use bytes::{Buf, BytesMut};

use super::{
    Incoming, close,
    header::{MASK, Opcode},
};

/// Appends a text message of a client.
pub(crate) fn client_text(out: &mut Vec<u8>, payload: &str) {
    frame(out, Opcode::Text, payload.as_bytes());
}

/// Appends a binary message of a client.
pub(crate) fn client_binary(out: &mut Vec<u8>, payload: &[u8]) {
    frame(out, Opcode::Binary, payload);
}

/// Appends a client's answer to a ping.
pub(crate) fn client_pong(out: &mut Vec<u8>, payload: &[u8]) {
    frame(out, Opcode::Pong, payload);
}

/// Appends a client's close frame.
pub(crate) fn client_close(out: &mut Vec<u8>, reason: Option<(u16, &str)>) {
    let payload = reason.map(|(code, reason)| close::payload(code, reason));
    frame(out, Opcode::Close, payload.as_deref().unwrap_or_default());
}

/// A frame under a mask of zeros, which leaves the payload as it is: nothing on the way could mistake it for something else.
fn frame(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    out.push(opcode.first_byte());
    match payload.len() {
        len @ 0..=125 => out.push(MASK | len as u8),
        len @ 126..=0xFFFF => {
            out.push(MASK | 126);
            out.extend_from_slice(&(len as u16).to_be_bytes());
        }
        len => {
            out.push(MASK | 127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

/// The server's frames, put together from pieces that are cut anywhere.
///
/// They are our own, so that no rule is checked: whole messages, neither masked nor compressed.
#[derive(Debug, Default)]
pub(crate) struct ServerFrames(BytesMut);

impl ServerFrames {
    /// Takes what the server has written next.
    pub(crate) fn push(&mut self, bytes: BytesMut) {
        if self.0.is_empty() {
            self.0 = bytes;
        } else {
            self.0.extend_from_slice(&bytes);
        }
    }

    /// The next frame that is whole.
    pub(crate) fn next(&mut self) -> Option<Incoming> {
        let (opcode, start, len) = self.head()?;
        let end = start.checked_add(len)?;
        if self.0.len() < end {
            self.0.reserve(end - self.0.len());
            return None;
        }
        self.0.advance(start);
        let payload = self.0.split_to(len).freeze();
        if self.0.is_empty() {
            // What a long message took is given back.
            self.0 = BytesMut::new();
        }
        const TEXT: u8 = Opcode::Text as u8;
        const CLOSE: u8 = Opcode::Close as u8;
        const PING: u8 = Opcode::Ping as u8;
        const PONG: u8 = Opcode::Pong as u8;
        Some(match opcode {
            TEXT => Incoming::Text(String::from_utf8_lossy(&payload).into_owned()),
            CLOSE => Incoming::Close(close::parse(&payload).unwrap_or_default()),
            PING => Incoming::Ping(payload),
            PONG => Incoming::Pong(payload),
            _ => Incoming::Binary(payload),
        })
    }

    /// The opcode of the frame at the front, where its payload starts, and how long that is.
    fn head(&self) -> Option<(u8, usize, usize)> {
        let (first, rest) = self.0.split_first()?;
        let (start, len) = match rest.first()? {
            126 => (4, u64::from(u16::from_be_bytes(*rest.get(1..)?.first_chunk()?))),
            127 => (10, u64::from_be_bytes(*rest.get(1..)?.first_chunk()?)),
            len => (2, u64::from(*len)),
        };
        Some((first & 0x0F, start, usize::try_from(len).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{self, Decoder, Limits};

    #[test]
    fn what_a_client_says_is_read_by_the_decoder() {
        for len in [0, 1, 125, 126, 127, 0xFFFF, 0x1_0000] {
            let text = "x".repeat(len);
            let mut frames = Vec::new();
            client_text(&mut frames, &text);
            client_binary(&mut frames, text.as_bytes());
            client_pong(&mut frames, b"ping");
            client_close(&mut frames, Some((4001, "bye")));
            let (mut decoder, mut input) = (Decoder::new(), &frames[..]);
            let limits = Limits { max_message: len, max_frame: len, max_fragments: 1 };
            let mut next = || decoder.decode(&limits, &mut input).unwrap();
            assert_eq!(next(), Some(Incoming::Text(text.clone())));
            assert_eq!(next(), Some(Incoming::Binary(text.into_bytes().into())));
            assert_eq!(next(), Some(Incoming::Pong("ping".into())));
            assert_eq!(next(), Some(Incoming::Close(Some((4001, "bye".to_owned())))));
        }
    }

    #[test]
    fn what_the_server_says_is_read_however_it_is_cut() {
        let long = "é".repeat(40_000);
        let frames = [
            codec::text("hello"),
            codec::text(&"a".repeat(300)),
            codec::text(&long),
            codec::binary(&[0, 255]),
            codec::ping(b"p").to_vec(),
            codec::close(Some((1012, "later"))).to_vec(),
        ]
        .concat();
        for piece in [1, 2, 3, 1000, frames.len()] {
            let mut reader = ServerFrames::default();
            let mut read = Vec::new();
            for piece in frames.chunks(piece) {
                reader.push(BytesMut::from(piece));
                read.extend(std::iter::from_fn(|| reader.next()));
            }
            let expected = [
                Incoming::Text("hello".to_owned()),
                Incoming::Text("a".repeat(300)),
                Incoming::Text(long.clone()),
                Incoming::Binary(vec![0, 255].into()),
                Incoming::Ping("p".into()),
                Incoming::Close(Some((1012, "later".to_owned()))),
            ];
            assert_eq!(read, expected, "in pieces of {piece}");
        }
    }
}
