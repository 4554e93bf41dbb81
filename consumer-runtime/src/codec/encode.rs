//! The server's frames: whole, unmasked (RFC 6455 §5.1), and immutable, so that connections can share them.

use bytes::Bytes;

#[cfg(feature = "deflate")]
use super::header::COMPRESSED;
use super::{close as close_frame, header::Opcode};

/// The longest header of a frame without a mask.
pub(super) const MAX_HEADER: usize = 10;

/// The most bytes in a control frame's payload (§5.5).
const MAX_CONTROL: usize = 125;

/// How much memory of the serializer's a frame may keep while it waits.
const SPARE: usize = 1024;

/// A text message.
pub(crate) fn text(payload: &str) -> Vec<u8> {
    frame(Opcode::Text, payload.as_bytes())
}

/// A text message that `write` appends to the buffer it is given, such as a serializer does.
///
/// The header is filled in afterwards, in room that is left for it at the front of the buffer: `write` must leave what
/// it finds there as it is. What it appends must be UTF-8. Room that a short header leaves is closed up, which costs less
/// than to serialise.
///
/// # Errors
///
/// Those of `write`.
pub(crate) fn text_with<E>(write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<Vec<u8>, E> {
    let mut frame = Vec::with_capacity(128);
    frame.extend_from_slice(&[0; MAX_HEADER]);
    write(&mut frame)?;
    let payload = frame.get(MAX_HEADER..).unwrap_or_default();
    debug_assert!(std::str::from_utf8(payload).is_ok(), "a text message must be valid UTF-8");
    let (header, start) = header(Opcode::Text, payload.len());
    // A `write` that took the room away all the same gets an empty message, never a broken frame.
    frame.resize(frame.len().max(MAX_HEADER), 0);
    if let Some(room) = frame.first_chunk_mut() {
        *room = header;
    }
    frame.drain(..start);
    if frame.capacity() - frame.len() > SPARE {
        frame.shrink_to_fit();
    }
    Ok(frame)
}

/// A binary message.
pub(crate) fn binary(payload: &[u8]) -> Vec<u8> {
    frame(Opcode::Binary, payload)
}

/// A ping, with at most the first 125 bytes of `payload`.
pub(crate) fn ping(payload: &[u8]) -> Bytes {
    control(Opcode::Ping, payload)
}

/// A pong, with at most the first 125 bytes of `payload`; the answer to a ping has the ping's (§5.5.3).
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    control(Opcode::Pong, payload)
}

/// A close frame, empty or with a code and a reason, of which at most the first 123 bytes are sent.
pub(crate) fn close(reason: Option<(u16, &str)>) -> Bytes {
    let payload = reason.map(|(code, reason)| close_frame::payload(code, reason));
    control(Opcode::Close, payload.as_deref().unwrap_or_default())
}

fn control(opcode: Opcode, payload: &[u8]) -> Bytes {
    frame(opcode, payload.get(..MAX_CONTROL).unwrap_or(payload)).into()
}

fn frame(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let (header, start) = header(opcode, payload.len());
    let header = header.get(start..).unwrap_or_default();
    let mut frame = Vec::with_capacity(header.len() + payload.len());
    frame.extend_from_slice(header);
    frame.extend_from_slice(payload);
    frame
}

/// The header of a frame, at the end of the room for the longest one, and where it starts in there.
fn header(opcode: Opcode, len: usize) -> ([u8; MAX_HEADER], usize) {
    let first = opcode.first_byte();
    let [a, b, c, d, e, f, g, h] = (len as u64).to_be_bytes();
    match len {
        0..=125 => ([0, 0, 0, 0, 0, 0, 0, 0, first, h], 8),
        126..=0xFFFF => ([0, 0, 0, 0, 0, 0, first, 126, g, h], 6),
        _ => ([first, 127, a, b, c, d, e, f, g, h], 0),
    }
}

/// The opcode and the payload of a text or binary message that was made here; `None` for control frames, and for
/// messages that are compressed already.
#[cfg(feature = "deflate")]
pub(super) fn message_parts(frame: &[u8]) -> Option<(Opcode, &[u8])> {
    let (&first, rest) = frame.split_first()?;
    let opcode = [Opcode::Text, Opcode::Binary].into_iter().find(|opcode| opcode.first_byte() == first)?;
    let start = match rest.first()? {
        126 => 3,
        127 => 9,
        _ => 1,
    };
    Some((opcode, rest.get(start..)?))
}

/// As [`header`], of a compressed message (RFC 7692 §6).
#[cfg(feature = "deflate")]
pub(super) fn compressed_header(opcode: Opcode, len: usize) -> ([u8; MAX_HEADER], usize) {
    let (mut header, start) = header(opcode, len);
    if let Some(first) = header.get_mut(start) {
        *first |= COMPRESSED;
    }
    (header, start)
}
