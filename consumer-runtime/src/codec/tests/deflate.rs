//! Compressed messages, both ways.

use bytes::Bytes;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    client::{BINARY, CONTINUATION, FIN, PING, TEXT, frame},
    splits::pieces,
    *,
};
use crate::codec::{
    self as server,
    decode::Deflate,
    deflate::{Stream, compress},
};

const RSV1: u8 = 0x40;
const RSV2: u8 = 0x20;

/// A client's compressor, as RFC 7692 §7.2.1 describes it.
struct Client {
    compress: Compress,
    takeover: bool,
}

impl Client {
    fn new(level: u32, window_bits: u8, takeover: bool) -> Self {
        Self { compress: Compress::new_with_window_bits(Compression::new(level), false, window_bits), takeover }
    }

    fn payload(&mut self, message: &[u8]) -> Vec<u8> {
        let mut payload = Vec::with_capacity(message.len() + message.len() / 8 + 100);
        self.compress.compress_vec(message, &mut payload, FlushCompress::Sync).expect("a sound stream");
        assert!(payload.ends_with(&[0, 0, 0xFF, 0xFF]));
        payload.truncate(payload.len() - 4);
        if !self.takeover {
            self.compress.reset();
        }
        payload
    }
}

fn deflated(message: &[u8]) -> Vec<u8> {
    Client::new(6, 15, false).payload(message)
}

fn outcome(deflate: Deflate, limits: &Limits, bytes: &[u8]) -> Outcome {
    let outcome = decode_by(&mut Decoder::with_deflate(deflate), limits, [bytes]);
    let by_byte = decode_by(&mut Decoder::with_deflate(deflate), limits, bytes.chunks(1));
    assert_eq!(by_byte, outcome, "a byte at a time");
    outcome
}

#[track_caller]
fn gives(bytes: &[u8], expected: &[Incoming]) {
    for deflate in [Deflate::Alone, Deflate::Takeover] {
        let expected = Outcome { messages: expected.to_vec(), error: None };
        assert_eq!(outcome(deflate, &LIMITS, bytes), expected, "{deflate:?}");
    }
}

#[track_caller]
fn fails(bytes: &[u8], error: ProtocolError) {
    for deflate in [Deflate::Alone, Deflate::Takeover] {
        assert_eq!(outcome(deflate, &LIMITS, bytes).error, Some(error), "{deflate:?}");
    }
}

/// The examples of RFC 7692 §7.2.3.
#[test]
fn the_examples_of_the_rfc() {
    let hello = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00];
    let compressed = |payload: &[u8]| frame(FIN | RSV1 | TEXT, payload);
    gives(&compressed(&hello), &[text("Hello")]);
    let fragments = [frame(RSV1 | TEXT, &hello[..3]), frame(FIN | CONTINUATION, &hello[3..])].concat();
    gives(&fragments, &[text("Hello")]);
    let no_compression = [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00];
    gives(&compressed(&no_compression), &[text("Hello")]);
    let last_block = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00];
    gives(&compressed(&last_block), &[text("Hello")]);
    let two_blocks = [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00];
    gives(&compressed(&two_blocks), &[text("Hello")]);
    gives(&compressed(&[0x02, 0x00]), &[text("")]);
    gives(&compressed(&[0x00]), &[text("")]);

    let again = [0xF2, 0x00, 0x11, 0x00, 0x00];
    let both = [compressed(&hello), compressed(&again)].concat();
    let expected = Outcome { messages: vec![text("Hello"), text("Hello")], error: None };
    assert_eq!(outcome(Deflate::Takeover, &LIMITS, &both), expected);
    let alone = outcome(Deflate::Alone, &LIMITS, &both);
    assert_eq!(alone, Outcome { messages: vec![text("Hello")], error: Some(ProtocolError::CorruptMessage) });
}

#[test]
fn only_where_it_is_agreed_on_and_only_first() {
    let hello = deflated(b"Hello");
    assert_eq!(refusal(&frame(FIN | RSV1 | TEXT, &hello)), Some(ProtocolError::ReservedBits));
    gives(&frame(FIN | TEXT, b"plain"), &[text("plain")]);
    for (bytes, error) in [
        (frame(FIN | RSV1 | PING, b""), ProtocolError::MisplacedCompression),
        (frame(FIN | RSV1 | CONTINUATION, b""), ProtocolError::MisplacedCompression),
        (
            [frame(RSV1 | TEXT, &hello), frame(FIN | RSV1 | CONTINUATION, b"")].concat(),
            ProtocolError::MisplacedCompression,
        ),
        (frame(FIN | RSV1 | RSV2 | TEXT, &hello), ProtocolError::ReservedBits),
        (frame(FIN | RSV2 | TEXT, b"x"), ProtocolError::ReservedBits),
        (frame(FIN | RSV1 | 3, &hello), ProtocolError::ReservedOpcode),
    ] {
        fails(&bytes, error);
    }
}

#[test]
fn control_frames_come_between_fragments() {
    let message = "compressed, compressed and compressed again";
    let payload = deflated(message.as_bytes());
    let (first, second) = payload.split_at(9);
    let bytes = [
        frame(RSV1 | BINARY, first),
        frame(FIN | PING, b"p"),
        frame(CONTINUATION, b""),
        frame(FIN | CONTINUATION, second),
        frame(FIN | TEXT, b"plain"),
        frame(FIN | RSV1 | TEXT, &payload),
    ]
    .concat();
    gives(&bytes, &[ping(b"p"), binary(message.as_bytes()), text("plain"), text(message)]);
}

#[test]
fn text_is_checked_once_it_is_inflated() {
    fails(&frame(FIN | RSV1 | TEXT, &deflated(b"a\xFF")), ProtocolError::InvalidText);
    gives(&frame(FIN | RSV1 | BINARY, &deflated(b"a\xFF")), &[binary(b"a\xFF")]);
    // Compressed, no text is valid UTF-8.
    let word = "κόσμε😀".repeat(9);
    let payload = deflated(word.as_bytes());
    assert!(std::str::from_utf8(&payload).is_err());
    let (first, second) = payload.split_at(7);
    gives(&[frame(RSV1 | TEXT, first), frame(FIN | CONTINUATION, second)].concat(), &[text(&word)]);
}

#[test]
fn what_no_compressor_makes_is_corrupt() {
    let valid = deflated("some words, some words, and some more words".as_bytes());
    for wrong in [
        // A reserved kind of block, a stored block whose lengths differ, a distance before the first byte.
        &[0x06, 0x00][..],
        &[0x00, 0x05, 0x00, 0x00, 0x00, b'H'],
        &[0xF2, 0x00, 0x11, 0x00, 0x00],
        // Cut in the middle of a block.
        &valid[..valid.len() - 3],
        &[0x00, 0x05, 0x00, 0xFA, 0xFF, b'H', b'e'],
        &[0xFF; 40],
    ] {
        fails(&frame(FIN | RSV1 | BINARY, wrong), ProtocolError::CorruptMessage);
    }
    // With no context to keep, a cut is found wherever it is.
    for cut in 1..valid.len() {
        let bytes = frame(FIN | RSV1 | BINARY, &valid[..cut]);
        assert_eq!(outcome(Deflate::Alone, &LIMITS, &bytes).error, Some(ProtocolError::CorruptMessage), "{cut}");
    }
}

/// An inflater serves one connection after the other: none may read what another sent.
#[test]
fn nothing_of_another_connection_can_be_referred_to() {
    let secret = frame(FIN | RSV1 | TEXT, &deflated(b"Hello, this is a secret"));
    let refers = frame(FIN | RSV1 | TEXT, &[0xF2, 0x00, 0x11, 0x00, 0x00]);
    for _ in 0..20 {
        assert_eq!(outcome(Deflate::Alone, &LIMITS, &secret).error, None);
        assert_eq!(outcome(Deflate::Alone, &LIMITS, &refers).error, Some(ProtocolError::CorruptMessage));
        assert_eq!(outcome(Deflate::Takeover, &LIMITS, &refers).error, Some(ProtocolError::CorruptMessage));
    }
}

/// So many MiB of nothing: blocks that refer to nothing before them, so that one serves for all.
fn bomb(mebibytes: usize) -> Vec<u8> {
    let mut compress = Compress::new_with_window_bits(Compression::new(9), false, 15);
    let mut block = Vec::with_capacity(10_000);
    compress.compress_vec(&[0; 1 << 20], &mut block, FlushCompress::Full).expect("a sound stream");
    assert!(block.ends_with(&[0, 0, 0xFF, 0xFF]));
    let mut payload = block.repeat(mebibytes);
    payload.truncate(payload.len() - 4);
    payload
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let payload = bomb(1024);
    let limits = Limits { max_message: 1 << 20, max_frame: 2 << 20, max_fragments: 9 };
    assert!(payload.len() < limits.max_message + limits.max_message / 8, "{}", payload.len());
    let bytes = frame(FIN | RSV1 | BINARY, &payload);
    for deflate in [Deflate::Alone, Deflate::Takeover] {
        let mut decoder = Decoder::with_deflate(deflate);
        let outcome = decode_by(&mut decoder, &limits, [bytes.as_slice()]);
        assert_eq!(outcome, Outcome { messages: vec![], error: Some(ProtocolError::MessageTooLong) });
        assert_eq!(decoder.held(), 0);
    }
}

#[test]
fn a_message_of_endless_streams_is_corrupt() {
    // Each is an empty last block.
    fails(&frame(FIN | RSV1 | BINARY, &[0x03, 0x00].repeat(60_000)), ProtocolError::CorruptMessage);
    gives(&frame(FIN | RSV1 | BINARY, &[0x03, 0x00].repeat(9)), &[binary(b"")]);
    // Empty blocks without an end say nothing for long, which is allowed.
    let empty = [0x00, 0x00, 0x00, 0xFF, 0xFF].repeat(20_000);
    gives(&frame(FIN | RSV1 | BINARY, &[&empty[..], &[0x00]].concat()), &[binary(b"")]);
}

#[test]
fn limits_are_on_what_comes_out() {
    let limits = Limits { max_message: 1000, max_frame: 1000, max_fragments: 3 };
    let zeros = |len: usize| frame(FIN | RSV1 | BINARY, &deflated(&vec![0; len]));
    for deflate in [Deflate::Alone, Deflate::Takeover] {
        assert_eq!(outcome(deflate, &limits, &zeros(1000)).messages, [binary(&[0; 1000])]);
        assert_eq!(outcome(deflate, &limits, &zeros(1001)).error, Some(ProtocolError::MessageTooLong));
    }
    // What does not compress is a little longer than it was, and allowed all the same.
    let noise: Vec<u8> = (0..1000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let stored = Client::new(0, 15, false).payload(&noise);
    assert!(stored.len() > 1000);
    assert_eq!(outcome(Deflate::Alone, &limits, &frame(FIN | RSV1 | BINARY, &stored)).messages, [binary(&noise)]);
    // Frames have a limit of their own.
    let limits = Limits { max_frame: 500, ..limits };
    assert_eq!(outcome(Deflate::Alone, &limits, &zeros(1000)).error, None);
    let long = frame(FIN | RSV1 | BINARY, &stored);
    assert_eq!(outcome(Deflate::Alone, &limits, &long).error, Some(ProtocolError::FrameTooLong));
    let (first, second) = stored.split_at(510);
    let fragments = |at: usize| [frame(RSV1 | BINARY, &first[..at]), frame(FIN | CONTINUATION, second)].concat();
    assert_eq!(outcome(Deflate::Alone, &limits, &fragments(510)).error, Some(ProtocolError::FrameTooLong));
}

#[test]
fn nothing_is_held_between_messages_unless_it_may_be_referred_to() {
    let message = frame(FIN | RSV1 | BINARY, &deflated(&[1; 1000]));
    let mut decoder = Decoder::with_deflate(Deflate::Alone);
    assert_eq!(decode_by(&mut decoder, &LIMITS, [message.as_slice()]).error, None);
    assert_eq!(decoder.held(), 0);
    let mut decoder = Decoder::with_deflate(Deflate::Takeover);
    assert_eq!(decode_by(&mut decoder, &LIMITS, [frame(FIN | TEXT, b"x").as_slice()]).error, None);
    assert_eq!(decoder.held(), 0, "nothing came compressed");
    assert_eq!(decode_by(&mut decoder, &LIMITS, [message.as_slice()]).error, None);
    assert!(decoder.held() > 32 * 1024);
    assert_eq!(decode_by(&mut decoder, &LIMITS, [frame(FIN | 8, b"").as_slice()]).messages, [Incoming::Close(None)]);
    assert_eq!(decoder.held(), 0);
}

/// A client that reads what the server compresses, and remembers no more than its window holds.
struct Reader {
    decompress: Decompress,
    window_bits: u8,
    takeover: bool,
}

impl Reader {
    fn new(window_bits: u8, takeover: bool) -> Self {
        Self { decompress: Decompress::new_with_window_bits(false, window_bits), window_bits, takeover }
    }

    /// The opcode and payload of a frame, compressed or not.
    fn read(&mut self, frame: &[u8]) -> (u8, Vec<u8>) {
        let start = match frame[1] {
            126 => 4,
            127 => 10,
            _ => 2,
        };
        let (first, payload) = (frame[0], &frame[start..]);
        assert_eq!(first & (FIN | RSV2 | 0x10), FIN);
        if first & RSV1 == 0 {
            return (first & 0xF, payload.to_vec());
        }
        if !self.takeover {
            self.decompress = Decompress::new_with_window_bits(false, self.window_bits);
        }
        let input = [payload, &[0, 0, 0xFF, 0xFF]].concat();
        let (mut input, mut message) = (&input[..], vec![]);
        loop {
            // A small buffer, so that nothing but the window can be referred to.
            let mut room = [0; 50];
            let (before_in, before_out) = (self.decompress.total_in(), self.decompress.total_out());
            self.decompress.decompress(input, &mut room, FlushDecompress::Sync).expect("within its window");
            let read = self.decompress.total_in() - before_in;
            let written = (self.decompress.total_out() - before_out) as usize;
            input = &input[read as usize..];
            message.extend_from_slice(&room[..written]);
            if input.is_empty() && written < room.len() {
                return (first & 0xF, message);
            }
        }
    }
}

#[test]
fn a_frame_that_would_not_be_shorter_stays_as_it_is() {
    for payload in ["", "a", "ab", "abc", "no repetition"] {
        assert_eq!(compress(&server::text(payload), 9, 15), None, "{payload:?}");
    }
    let long = server::text(&"again and ".repeat(20));
    let compressed = compress(&long, 1, 9).expect("much shorter");
    assert!(compressed.len() < long.len() / 2);
    assert_eq!(compressed[0], FIN | RSV1 | TEXT);
    assert_eq!(compress(&compressed, 9, 15), None, "compressed already");
    assert_eq!(compress(&server::ping(&[0; 125]), 9, 15), None, "control frames never are");
    assert_eq!(compress(&Bytes::new(), 9, 15), None);
}

#[test]
fn a_context_makes_the_next_message_shorter() {
    let frame = server::text("the same message with words that do not occur twice");
    let mut context = None;
    let lengths: Vec<usize> =
        (0..3).map(|_| Stream::next(&mut context, &frame, 6, 15).expect("a message").len()).collect();
    assert!(lengths[1] < lengths[0] / 3, "{lengths:?}");
    assert_eq!(Stream::next(&mut context, &server::pong(b"x"), 6, 15), None);
}

/// zlib-rs 0.6.8 begins a stream badly when what it made of the one before did not come out whole.
#[test]
fn compressors_are_used_again_after_what_does_not_shrink() {
    let mut noise = 1_u64;
    let mut noise = |len: usize| -> Vec<u8> {
        let mut next = || {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            // Bytes for which the fixed codes are longer than they are.
            144 + (noise % 100) as u8
        };
        (0..len).map(|_| next()).collect()
    };
    let words = server::text(&"words, words and words again; ".repeat(300));
    for level in 1..10 {
        for len in [60_000, 50_000, 40_000, 60_000] {
            let plain = server::binary(&noise(len));
            let sent = compress(&plain, level, 15).unwrap_or_else(|| plain.clone().into());
            assert_eq!(Reader::new(15, false).read(&sent).1, plain[4..]);
            let compressed = compress(&words, level, 15).expect("shorter");
            assert_eq!(Reader::new(15, false).read(&compressed).1, words[4..]);
        }
    }
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        vec(any::<u8>(), 0..40),
        (vec(97..101_u8, 1..20), 1..40_usize).prop_map(|(word, times)| word.repeat(times)),
        (any::<u8>(), 0..3000_usize).prop_map(|(byte, len)| vec![byte; len]),
        vec(any::<u8>(), 0..4_000),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_a_client_compresses_we_read(
        messages in vec((message(), vec(any::<Index>(), 0..4), any::<bool>()), 1..6),
        level in 0..10_u32,
        window_bits in 9..16_u8,
        takeover: bool,
        cuts in vec(any::<Index>(), 0..20),
    ) {
        let mut client = Client::new(level, window_bits, takeover);
        let (mut bytes, mut expected) = (vec![], vec![]);
        for (message, cuts, compressed) in &messages {
            // A compressor makes nothing of nothing.
            let compressed = *compressed && !message.is_empty();
            let payload = if compressed { client.payload(message) } else { message.clone() };
            let first = BINARY | if compressed { RSV1 } else { 0 };
            let fragments = pieces(&payload, cuts);
            let last = fragments.len() - 1;
            for (i, fragment) in fragments.iter().enumerate() {
                let fin = if i == last { FIN } else { 0 };
                bytes.extend(frame(fin | if i == 0 { first } else { CONTINUATION }, fragment));
            }
            expected.push(binary(message));
        }
        let deflate = if takeover { Deflate::Takeover } else { Deflate::Alone };
        let mut decoder = Decoder::with_deflate(deflate);
        let outcome = decode_by(&mut decoder, &LIMITS, pieces(&bytes, &cuts));
        prop_assert_eq!(outcome, Outcome { messages: expected, error: None });
    }

    #[test]
    fn what_we_compress_a_client_reads(
        messages in vec(message(), 1..8),
        level in 1..10_u8,
        window_bits in 9..16_u8,
        takeover: bool,
    ) {
        let mut reader = Reader::new(window_bits, takeover);
        let mut context = None;
        for message in &messages {
            let plain = server::binary(message);
            let sent = if takeover {
                Stream::next(&mut context, &plain, level, window_bits).unwrap_or(plain.into())
            } else {
                let sent = compress(&plain, level, window_bits).unwrap_or_else(|| plain.clone().into());
                prop_assert!(sent.len() <= plain.len());
                sent
            };
            prop_assert_eq!(&reader.read(&sent).1, message);
        }
    }

    #[test]
    fn any_compressed_bytes(bytes in vec(any::<u8>(), 0..300), max_message in 0..5000_usize, takeover: bool) {
        let limits = Limits { max_message, max_frame: 1000, max_fragments: 2 };
        let deflate = if takeover { Deflate::Takeover } else { Deflate::Alone };
        let mut decoder = Decoder::with_deflate(deflate);
        let outcome = decode_by(&mut decoder, &limits, [frame(FIN | RSV1 | BINARY, &bytes).as_slice()]);
        for message in outcome.messages {
            let Incoming::Binary(payload) = message else { panic!("{message:?}") };
            prop_assert!(payload.len() <= max_message);
        }
    }

    #[test]
    fn mutated_messages(message in message(), at: Index, flip in 1..=255_u8) {
        let mut payload = deflated(&message);
        *at.get_mut(&mut payload) ^= flip;
        // Whatever it gives: no panic, no hang, and never more than the limit.
        let limits = Limits { max_message: 20_000, ..LIMITS };
        outcome(Deflate::Alone, &limits, &frame(FIN | RSV1 | BINARY, &payload));
    }
}
