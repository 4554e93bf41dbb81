//! The codec, with tungstenite as the oracle.

#[cfg(feature = "deflate")]
mod compressed;
mod oracle;
mod stream;

use self::{
    source::{Decoder, Incoming, Limits, error::ProtocolError},
    stream::Stream,
};

#[cfg(feature = "deflate")]
pub use self::compressed::run as run_compressed;

/// The runtime's own codec, whose module is private there; it needs nothing of the crate around it.
#[path = "../../../consumer-runtime/src/codec/mod.rs"]
#[allow(dead_code, unused_imports, unfulfilled_lint_expectations, clippy::all, reason = "it is linted where it lives")]
mod source;

/// What became of a stream of bytes.
#[derive(Debug, PartialEq)]
struct Outcome {
    messages: Vec<Incoming>,
    error: Option<ProtocolError>,
}

/// What a decoder holds besides payloads: one box with a frame, a message and a header in it.
const FIXED: usize = 512;

/// Sees that any stream of bytes comes to what tungstenite makes of it, however it is cut into reads, and that no more
/// than about twice of it is held.
///
/// The first bytes of `data` choose limits and cuts, the rest is the stream: as it stands, or as frames to be masked.
///
/// # Panics
/// When that does not hold.
pub fn run(data: &[u8]) {
    let Some(stream) = Stream::read(data) else { return };
    let whole = decode(&stream.limits, [&*stream.bytes]);
    assert_eq!(decode(&stream.limits, stream.reads()), whole, "cut into reads");
    assert_eq!(decode(&stream.limits, stream.bytes.chunks(1)), whole, "a byte at a time");

    let unlimited = Limits { max_fragments: usize::MAX, ..stream.limits };
    let more = decode(&unlimited, [&*stream.bytes]);
    if whole.error == Some(ProtocolError::TooManyFragments) {
        assert!(more.messages.starts_with(&whole.messages), "{more:?}");
    } else {
        assert_eq!(more, whole, "fragments within the limit");
    }
    oracle::agrees(&unlimited, &stream.bytes, &more);
    for message in &more.messages {
        oracle::reads_back(message);
    }
}

fn decode<'a>(limits: &Limits, reads: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    decode_with(Decoder::new(), FIXED, limits, &mut reads.into_iter())
}

/// Decodes `reads`, and looks at what is held after each, of which up to `fixed` bytes are no payload.
fn decode_with(mut decoder: Decoder, fixed: usize, limits: &Limits, reads: &mut dyn Iterator<Item = &[u8]>) -> Outcome {
    let mut messages = Vec::new();
    // What came since the decoder last held nothing.
    let mut came = 0;
    for mut input in reads {
        loop {
            let before = input.len();
            let decoded = decoder.decode(limits, &mut input);
            came += before - input.len();
            let held = decoder.held();
            assert!(held <= 2 * came + fixed, "{held} bytes are held for {came} that came");
            if held == 0 {
                came = 0;
            }
            match decoded {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(held, 0, "nothing is held after an error");
                    assert_eq!(decoder.decode(limits, &mut [0x89, 0x80, 0, 0, 0, 0].as_slice()), Err(error));
                    return Outcome { messages, error: Some(error) };
                }
            }
        }
        assert!(input.is_empty(), "the whole read is used up");
    }
    Outcome { messages, error: None }
}
