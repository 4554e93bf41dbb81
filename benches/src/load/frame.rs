//! Frames of RFC 6455 as a client sees them: unmasked ones that come in, masked ones that go out.

use std::fmt::{self, Display};

/// What a server sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    /// A text or binary message, whole.
    Data(&'a [u8]),
    Ping(&'a [u8]),
    Pong,
    /// With its code and reason.
    Close(&'a [u8]),
}

/// What a server may not send, or what no server here should send.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed(&'static str);

impl Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// Cuts a stream into frames; keeps only a part of a frame between two reads.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    partial: Vec<u8>,
}

impl Frames {
    /// Calls `each` with every frame that `bytes` completes.
    pub(crate) fn read(&mut self, bytes: &[u8], mut each: impl FnMut(Frame<'_>)) -> Result<(), Malformed> {
        if self.partial.is_empty() {
            let used = cut(bytes, &mut each)?;
            self.partial.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        self.partial.extend_from_slice(bytes);
        let used = cut(&self.partial, &mut each)?;
        self.partial.drain(..used);
        if self.partial.is_empty() {
            self.partial = Vec::new();
        }
        Ok(())
    }
}

/// Calls `each` with all whole frames at the start of `bytes`, and answers how long they are.
fn cut(bytes: &[u8], each: &mut impl FnMut(Frame<'_>)) -> Result<usize, Malformed> {
    let mut at = 0;
    while let [first, second, rest @ ..] = &bytes[at..] {
        if second & 0x80 != 0 {
            return Err(Malformed("the server masked a frame"));
        }
        if first & 0xf0 != 0x80 {
            return Err(Malformed("the server sent a fragment or a reserved bit"));
        }
        let (length, header) = match (second, rest) {
            (126, [a, b, ..]) => (usize::from(u16::from_be_bytes([*a, *b])), 4),
            (127, [_, _, _, _, a, b, c, d, ..]) => (u32::from_be_bytes([*a, *b, *c, *d]) as usize, 10),
            (126 | 127, _) => break,
            (short, _) => (usize::from(*short), 2),
        };
        let Some(payload) = bytes.get(at + header..at + header + length) else { break };
        each(match first & 0x0f {
            1 | 2 => Frame::Data(payload),
            8 => Frame::Close(payload),
            9 => Frame::Ping(payload),
            10 => Frame::Pong,
            _ => return Err(Malformed("the server sent an unknown kind of frame")),
        });
        at += header + length;
    }
    Ok(at)
}

/// The kinds of frames that the client sends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text = 1,
    Close = 8,
    Pong = 10,
}

/// Appends a masked frame; one fixed mask is enough, since no proxy stands between.
pub(crate) fn write_frame(kind: Kind, payload: &[u8], out: &mut Vec<u8>) {
    const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
    out.push(0x80 | kind as u8);
    match payload.len() {
        length @ 0..=125 => out.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first];
        match payload.len() {
            length @ 0..=125 => bytes.push(length as u8),
            length @ 126..=0xffff => bytes.extend([&[126][..], &(length as u16).to_be_bytes()].concat()),
            length => bytes.extend([&[127][..], &(length as u64).to_be_bytes()].concat()),
        }
        bytes.extend_from_slice(payload);
        bytes
    }

    fn lengths(frames: &mut Frames, bytes: &[u8]) -> Vec<usize> {
        let mut found = Vec::new();
        frames
            .read(bytes, |frame| {
                if let Frame::Data(payload) = frame {
                    found.push(payload.len());
                }
            })
            .unwrap();
        found
    }

    #[test]
    fn frames_are_found_however_the_stream_is_cut() {
        let sizes = [0, 1, 125, 126, 300, 65_535, 65_536, 64];
        let stream: Vec<u8> = sizes.iter().flat_map(|&size| server_frame(0x81, &vec![b'x'; size])).collect();
        for step in [1, 2, 3, 7, 64, 1000, stream.len()] {
            let mut frames = Frames::default();
            let found: Vec<usize> = stream.chunks(step).flat_map(|part| lengths(&mut frames, part)).collect();
            assert_eq!(found, sizes, "in steps of {step}");
            assert!(frames.partial.is_empty());
        }
    }

    #[test]
    fn control_frames_are_told_apart() {
        let stream = [server_frame(0x89, b"hi"), server_frame(0x8a, b""), server_frame(0x88, &[3, 232])].concat();
        let mut seen = Vec::new();
        Frames::default()
            .read(&stream, |frame| {
                seen.push(match frame {
                    Frame::Ping(b"hi") => "ping hi",
                    Frame::Pong => "pong",
                    Frame::Close([3, 232]) => "close",
                    _ => "other",
                });
            })
            .unwrap();
        assert_eq!(seen, ["ping hi", "pong", "close"]);
    }

    #[test]
    fn what_a_server_may_not_send_is_an_error() {
        for bytes in [[0x81, 0x80], [0x01, 0x00], [0xc1, 0x00], [0x83, 0x00]] {
            assert!(Frames::default().read(&bytes, |_| ()).is_err(), "{bytes:x?}");
        }
    }

    #[test]
    fn a_masked_frame_carries_its_payload() {
        for size in [5, 200, 70_000] {
            let payload: Vec<u8> = (0..size).map(|index| index as u8).collect();
            let mut out = Vec::new();
            write_frame(Kind::Text, &payload, &mut out);
            let masked = &out[out.len() - size..];
            let mask = &out[out.len() - size - 4..out.len() - size];
            let plain: Vec<u8> = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
            assert_eq!(plain, payload);
            assert_eq!(out[1] & 0x80, 0x80);
        }
    }
}
