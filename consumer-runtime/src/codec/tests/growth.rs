//! Limits, and the memory that a decoder holds.

use super::{
    client::{BINARY, CONTINUATION, FIN, PING, TEXT, frame, head},
    *,
};

const SMALL: Limits = Limits { max_message: 200, max_frame: 150, max_fragments: 3 };

fn outcome(bytes: &[u8]) -> Outcome {
    let outcome = decode(&SMALL, [bytes]);
    assert_eq!(decode(&SMALL, bytes.chunks(1)), outcome);
    outcome
}

#[test]
fn header_over_a_limit_is_enough() {
    assert_eq!(outcome(&frame(FIN | TEXT, &[b'x'; 150])).error, None);
    assert_eq!(outcome(&head(FIN | TEXT, 151)).error, Some(ProtocolError::FrameTooLong));
    assert_eq!(outcome(&head(BINARY, 1 << 40)).error, Some(ProtocolError::FrameTooLong));
    let first = frame(TEXT, &[b'x'; 150]);
    assert_eq!(outcome(&[first.clone(), frame(FIN | CONTINUATION, &[b'x'; 50])].concat()).error, None);
    let over = [first, head(FIN | CONTINUATION, 51)].concat();
    assert_eq!(outcome(&over).error, Some(ProtocolError::MessageTooLong));
    let limits = Limits { max_message: 9, ..SMALL };
    let over = head(FIN | TEXT, 10);
    assert_eq!(decode(&limits, [over.as_slice()]).error, Some(ProtocolError::MessageTooLong));
}

#[test]
fn limits_start_anew_with_each_message() {
    let message = [frame(TEXT, &[b'x'; 150]), frame(CONTINUATION, b""), frame(FIN | CONTINUATION, b"x")].concat();
    let outcome = outcome(&message.repeat(5));
    assert_eq!((outcome.messages.len(), outcome.error), (5, None));
}

#[test]
fn fragments_are_counted() {
    let ping = frame(FIN | PING, b"not one of them");
    let three = [frame(TEXT, b""), frame(CONTINUATION, b""), ping].concat();
    assert_eq!(outcome(&[&three[..], &frame(FIN | CONTINUATION, b"")].concat()).error, None);
    let fourth = [&three[..], &frame(CONTINUATION, b""), &head(FIN | CONTINUATION, 0)].concat();
    assert_eq!(outcome(&fourth).error, Some(ProtocolError::TooManyFragments));
    // A message in one frame has no fragments.
    let none = Limits { max_fragments: 0, ..SMALL };
    assert_eq!(decode(&none, [frame(FIN | TEXT, b"x").as_slice()]).messages, [text("x")]);
    assert_eq!(decode(&none, [head(TEXT, 1).as_slice()]).error, Some(ProtocolError::TooManyFragments));
}

#[test]
fn small_at_rest() {
    assert!(size_of::<Decoder>() <= 16, "{}", size_of::<Decoder>());
    let mut decoder = Decoder::new();
    assert_eq!(decoder.held(), 0);
    let bytes = [frame(TEXT, b"a"), frame(FIN | PING, b"b"), frame(FIN | CONTINUATION, b"c")].concat();
    for (i, byte) in bytes.iter().enumerate() {
        decoder.decode(&LIMITS, &mut [*byte].as_slice()).expect("valid");
        assert_eq!(decoder.held() == 0, i + 1 == bytes.len(), "held after byte {i}");
    }
}

#[test]
fn announced_length_allocates_nothing() {
    let limits = Limits { max_message: usize::MAX, max_frame: usize::MAX, max_fragments: usize::MAX };
    for first in [BINARY, FIN | BINARY] {
        let mut decoder = Decoder::new();
        let mut header = &head(first, 1 << 40)[..];
        assert_eq!(decoder.decode(&limits, &mut header), Ok(None));
        let empty = decoder.held();
        assert!(empty < 400, "{empty}");
        for sent in 1..100 {
            assert_eq!(decoder.decode(&limits, &mut [0; 100].as_slice()), Ok(None));
            assert!(decoder.held() - empty <= 2 * 100 * sent, "{} after {sent}", decoder.held());
        }
    }
}

/// Appending costs the same however small the fragments are, and a payload that ends takes no more than it needs.
#[test]
fn buffer_grows_by_doubling() {
    let mut decoder = Decoder::new();
    let limits = Limits { max_fragments: usize::MAX, ..LIMITS };
    let mut sizes = vec![];
    decoder.decode(&limits, &mut frame(BINARY, b"").as_slice()).expect("valid");
    for _ in 0..10_000 {
        decoder.decode(&limits, &mut frame(CONTINUATION, b"x").as_slice()).expect("valid");
        sizes.push(decoder.held());
    }
    sizes.dedup();
    assert!(sizes.len() < 20, "{} reallocations", sizes.len());

    let mut decoder = Decoder::new();
    let payload = frame(FIN | BINARY, &[0; 1100]);
    let (all_but_one, _) = payload.split_at(payload.len() - 1);
    for byte in all_but_one {
        assert_eq!(decoder.decode(&LIMITS, &mut [*byte].as_slice()), Ok(None));
    }
    assert!(decoder.held() < 1100 + 400, "{}", decoder.held());
}
