//! What came from the client and is not handled yet.

use bytes::Bytes;

use super::{
    Connection,
    few::Few,
    rate::{Beyond, Bucket},
    run::BATCH,
};
use crate::{
    close::Disconnect,
    codec::{Decoder, Incoming, Limits, ProtocolError},
    settings::Settings,
};

/// How many bytes messages have that are handled together.
const SHORT: usize = 16 * 1024;

/// How many messages are decoded ahead of the consumer; then reading stops, and TCP slows the client down.
const AHEAD: usize = 64;

/// What came from the client.
pub(super) struct Intake {
    decoder: Decoder,
    bucket: Option<Bucket>,
    /// Decoded and not yet handled, in order.
    waiting: Few<Read>,
    /// The payloads in there, in bytes.
    bytes: usize,
    /// How the client's side ended, until everything before it is handled.
    end: Option<Box<Disconnect>>,
    /// Whether an end was read, after which nothing is.
    pub(super) over: bool,
    /// Whether that end was the client's close frame.
    pub(super) client_closed: bool,
}

/// A message of the client.
#[derive(Debug)]
pub(super) enum Read {
    Text(String),
    Binary(Bytes),
}

/// What is next of what came from the client.
pub(super) enum Next {
    /// Messages, the first of which are handled next.
    Messages(Few<Read>),
    /// How its side ended.
    End(Disconnect),
}

impl Read {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }
}

impl Intake {
    pub(super) fn new(connection: &Connection) -> Self {
        let settings = connection.settings();
        Self {
            decoder: connection.session().decoder(),
            bucket: Bucket::new(settings),
            waiting: Few::default(),
            bytes: 0,
            end: None,
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

    /// Whether the client may send this frame too.
    pub(super) fn admits(&mut self, settings: &Settings, incoming: &Incoming) -> Result<(), Beyond> {
        self.bucket.as_mut().map_or(Ok(()), |bucket| bucket.take(settings, incoming.len()))
    }

    pub(super) fn keep(&mut self, read: Read) {
        self.bytes += read.len();
        self.waiting.push_back(read);
    }

    pub(super) fn keep_end(&mut self, end: Disconnect) {
        self.end = Some(Box::new(end));
    }

    /// The messages to handle next, one when those that wait are long; the end after all of them.
    pub(super) fn take(&mut self) -> Option<Next> {
        let messages = self.waiting.take(if self.bytes > SHORT { 1 } else { BATCH });
        if messages.is_empty() {
            return self.end.take().map(|end| Next::End(*end));
        }
        self.bytes -= messages.iter().map(Read::len).sum::<usize>();
        Some(Next::Messages(messages))
    }

    /// Messages that were taken and have to be handled before all others.
    pub(super) fn put_back(&mut self, messages: Few<Read>) {
        if messages.is_empty() {
            return;
        }
        self.bytes += messages.iter().map(Read::len).sum::<usize>();
        let mut later = std::mem::replace(&mut self.waiting, messages);
        while let Some(message) = later.pop_front() {
            self.waiting.push_back(message);
        }
    }

    /// Gives back the memory of a queue that has run empty.
    pub(super) fn rest(&mut self) {
        self.waiting.rest();
    }

    /// Whether the consumer keeps up: a slow one has a few messages waiting, and not more bytes than a longest one has.
    pub(super) fn listens(&self, settings: &Settings) -> bool {
        !self.over && self.waiting.len() < AHEAD && self.bytes <= settings.max_message
    }
}
