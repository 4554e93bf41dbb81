//! Stands in for compression where the feature `deflate` is off: every frame goes as it is.

use axum::{
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use bytes::Bytes;

use crate::{codec::Decoder, counters::Counters, settings::Compression};

/// What messages refer to: nothing.
#[derive(Debug, Default)]
pub(super) struct Kept;

/// That nothing is compressed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Session(());

impl Session {
    pub(crate) fn negotiate(_: &HeaderMap, _: Option<&Compression>) -> Result<(Self, Option<HeaderValue>), Response> {
        Ok((Self(()), None))
    }

    pub(crate) fn decoder(&self) -> Decoder {
        Decoder::new()
    }

    pub(crate) fn encode(&self, frame: Bytes, _: &Counters) -> Bytes {
        frame
    }

    pub(crate) fn is_plain(&self) -> bool {
        true
    }

    pub(crate) fn is_in_order(&self) -> bool {
        false
    }

    pub(super) fn encode_in_order(&self, _: &mut Kept, frame: Bytes, _: &Counters) -> Bytes {
        frame
    }
}

/// One whole frame for many connections.
#[derive(Debug)]
pub(crate) struct Shared(Bytes);

impl Shared {
    pub(crate) fn new(plain: Bytes) -> Self {
        Self(plain)
    }

    pub(crate) fn plain(&self) -> &Bytes {
        &self.0
    }

    pub(crate) fn frame_for(&self, _: &Session, _: &Counters) -> Bytes {
        self.0.clone()
    }
}
