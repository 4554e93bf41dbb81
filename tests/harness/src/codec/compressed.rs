//! The codec with compressed messages (RFC 7692): any stream at all, and messages that are compressed here.

use bytes::Bytes;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::{
    FIXED, Outcome, decode_with,
    source::{
        Decoder, Deflate, Incoming, Limits, binary,
        deflate::{Inflation, Stream as Compressor, compress},
    },
    stream::{Stream, frame},
};

/// Longer than any message that is made here.
const LIMITS: Limits = Limits { max_message: 1 << 16, max_frame: 1 << 16, max_fragments: usize::MAX };

/// What a compressed message's end is without, and its reader puts back.
const TAIL: [u8; 4] = [0, 0, 0xFF, 0xFF];

/// Sees that any stream comes to the same however it is cut into reads, with no message over the limit; and that messages
/// which zlib's other half has compressed are read, and those which are compressed here are read by it.
///
/// The first byte of `data` chooses between these, and whether messages may refer to those before them.
///
/// # Panics
/// When that does not hold.
pub fn run(data: &[u8]) {
    let Some((&form, rest)) = data.split_first() else { return };
    let deflate = if form & 1 == 0 { Deflate::Alone } else { Deflate::Takeover };
    if form & 2 == 0 {
        any_stream(deflate, rest);
    } else {
        messages_of_both(deflate, form >> 2, rest);
    }
}

fn any_stream(deflate: Deflate, data: &[u8]) {
    let Some(stream) = Stream::read(data) else { return };
    let decode = |reads: &mut dyn Iterator<Item = &[u8]>| {
        decode_with(Decoder::with_deflate(deflate), FIXED + Inflation::SIZE, &stream.limits, reads)
    };
    let whole = decode(&mut [&*stream.bytes].into_iter());
    assert_eq!(decode(&mut stream.reads()), whole, "cut into reads");
    assert_eq!(decode(&mut stream.bytes.chunks(1)), whole, "a byte at a time");
    let plain = decode_with(Decoder::new(), FIXED, &stream.limits, &mut [&*stream.bytes].into_iter());
    if plain.error.is_none() {
        assert_eq!(whole, plain, "nothing is compressed");
    }
    for message in &whole.messages {
        let len = match message {
            Incoming::Text(text) => text.len(),
            Incoming::Binary(bytes) => bytes.len(),
            _ => 0,
        };
        assert!(len <= stream.limits.max_message, "{len} bytes are more than {}", stream.limits.max_message);
    }
}

fn messages_of_both(deflate: Deflate, form: u8, data: &[u8]) {
    let level = 1 + u32::from(form) % 9;
    let takes_over = deflate == Deflate::Takeover;
    let mut theirs = Compress::new(Compression::new(level), false);
    let mut reader = Decompress::new(false);
    let mut ours = None;
    let (mut sent, mut expected) = (Vec::new(), Vec::new());
    for message in messages(data) {
        if !takes_over {
            theirs.reset();
            reader.reset(false);
        }
        let compressed = deflated_by(&mut theirs, message);
        // In up to four fragments, of which the first says that the message is compressed.
        let part = compressed.len() / (1 + usize::from(form & 3)) + 1;
        let last = compressed.len().div_ceil(part).saturating_sub(1);
        for (at, fragment) in compressed.chunks(part).enumerate() {
            let first = if at == 0 { 0x42 } else { 0 };
            sent.extend(frame(first | if at == last { 0x80 } else { 0 }, form, fragment));
        }
        expected.push(Incoming::Binary(Bytes::copy_from_slice(message)));

        let plain = binary(message);
        let answer = if takes_over {
            Compressor::next(&mut ours, &plain, level as u8, 15)
        } else {
            compress(&plain, level as u8, 15)
        };
        if let Some(answer) = answer {
            assert_eq!(inflated_by(&mut reader, payload(&answer), message.len()), message, "read by the client");
        }
    }
    let outcome = decode_with(
        Decoder::with_deflate(deflate),
        FIXED + Inflation::SIZE,
        &LIMITS,
        &mut sent.chunks(1 + usize::from(form)),
    );
    assert_eq!(outcome, Outcome { messages: expected, error: None });
}

/// Messages of 1 to 255 bytes, after a byte that is the length of each.
fn messages(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (&len, rest) = data.split_first()?;
        let (message, rest) = rest.split_at(usize::from(len).min(rest.len()));
        data = rest;
        (!message.is_empty()).then_some(message)
    })
}

fn deflated_by(compressor: &mut Compress, message: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::with_capacity(message.len() + 64);
    let status = compressor.compress_vec(message, &mut compressed, FlushCompress::Sync);
    assert!(matches!(status, Ok(Status::Ok)) && compressed.len() < compressed.capacity());
    compressed.truncate(compressed.len() - TAIL.len());
    compressed
}

fn inflated_by(reader: &mut Decompress, compressed: &[u8], len: usize) -> Vec<u8> {
    let whole = [compressed, &TAIL].concat();
    let mut message = Vec::with_capacity(len + 64);
    reader.decompress_vec(&whole, &mut message, FlushDecompress::Sync).expect("deflated data");
    message
}

/// What follows the header of an unmasked frame.
fn payload(frame: &[u8]) -> &[u8] {
    assert_eq!(frame[0], 0xC2, "a compressed message in one frame");
    if frame[1] == 126 { &frame[4..] } else { &frame[2..] }
}
