//! What came from the client and is not handled yet.

use bytes::Bytes;

use super::{Connection, few::Few, rate::Bucket};
use crate::{
    close::Disconnect,
    codec::{Decoder, Incoming, Limits, ProtocolError},
    settings::Settings,
};

/// How many messages are decoded ahead of the consumer; then reading stops, and TCP slows the client down.
const AHEAD: usize = 64;

/// What came from the client.
pub(super) struct Intake {
    decoder: Decoder,
    bucket: Option<Bucket>,
    /// Decoded and not yet handled, in order; an end is the last.
    pub(super) waiting: Few<Read>,
    /// The payloads in there, in bytes.
    bytes: usize,
    /// Whether an end was read, after which nothing is.
    pub(super) over: bool,
    /// Whether that end was the client's close frame.
    pub(super) client_closed: bool,
}

/// A message of the client, or how the client's side ended.
#[derive(Debug)]
pub(super) enum Read {
    Text(String),
    Binary(Bytes),
    End(Box<Disconnect>),
}

impl Read {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            Self::End(_) => 0,
        }
    }
}

impl Intake {
    pub(super) fn new(connection: &Connection) -> Self {
        let settings = connection.settings();
        Self {
            decoder: connection.session().decoder(),
            bucket: settings.rate.map(Bucket::new),
            waiting: Few::default(),
            bytes: 0,
            over: false,
            client_closed: false,
        }
    }

    pub(super) fn decode(&mut self, settings: &Settings, input: &mut &[u8]) -> Result<Option<Incoming>, ProtocolError> {
        let limits = Limits {
            max_message: settings.max_message,
            max_frame: settings.max_frame.unwrap_or(settings.max_message),
            max_fragments: settings.max_fragments,
        };
        self.decoder.decode(&limits, input)
    }

    /// Whether the client may send one more frame.
    pub(super) fn admits(&mut self, settings: &Settings) -> bool {
        match (&mut self.bucket, settings.rate) {
            (Some(bucket), Some(rate)) => bucket.take(rate),
            _ => true,
        }
    }

    pub(super) fn keep(&mut self, read: Read) {
        self.bytes += read.len();
        self.waiting.push_back(read);
    }

    pub(super) fn take(&mut self) -> Option<Read> {
        let read = self.waiting.pop_front()?;
        self.bytes -= read.len();
        Some(read)
    }

    /// Whether the consumer keeps up: a slow one has a few messages waiting, and not more bytes than a longest one has.
    pub(super) fn listens(&self, settings: &Settings) -> bool {
        !self.over && self.waiting.len() < AHEAD && self.bytes <= settings.max_message
    }
}
