//! The codec as a whole; what one file does by itself is tested in that file.

mod client;
#[cfg(feature = "deflate")]
mod deflate;
mod encoding;
mod growth;
mod oracle;
mod rules;
mod splits;

use super::{Decoder, Incoming, Limits, error::ProtocolError};

/// Room enough for every test that isn't about a limit.
const LIMITS: Limits = Limits { max_message: 1 << 20, max_frame: 1 << 18, max_fragments: 64 };

/// What became of a stream of bytes.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    messages: Vec<Incoming>,
    error: Option<ProtocolError>,
}

/// Decodes `chunks` as that many reads.
fn decode<'a>(limits: &Limits, chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    decode_by(&mut Decoder::new(), limits, chunks)
}

/// The same by a decoder that may have seen other bytes before.
fn decode_by<'a>(decoder: &mut Decoder, limits: &Limits, chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut messages = Vec::new();
    for mut input in chunks {
        loop {
            match decoder.decode(limits, &mut input) {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    return Outcome { messages, error: Some(error) };
                }
            }
        }
        assert!(input.is_empty(), "`None` must mean that the input is used up");
    }
    Outcome { messages, error: None }
}

/// What a valid stream gives.
fn messages(bytes: &[u8]) -> Vec<Incoming> {
    let Outcome { messages, error } = decode(&LIMITS, [bytes]);
    assert_eq!(error, None);
    messages
}

/// The rule that a stream breaks, whole or a byte at a time.
fn refusal(bytes: &[u8]) -> Option<ProtocolError> {
    let error = decode(&LIMITS, [bytes]).error;
    assert_eq!(decode(&LIMITS, bytes.chunks(1)).error, error, "a byte at a time");
    error
}

fn text(text: &str) -> Incoming {
    Incoming::Text(text.to_owned())
}

fn binary(payload: &[u8]) -> Incoming {
    Incoming::Binary(payload.to_vec().into())
}

fn ping(payload: &[u8]) -> Incoming {
    Incoming::Ping(payload.to_vec().into())
}

fn pong(payload: &[u8]) -> Incoming {
    Incoming::Pong(payload.to_vec().into())
}
