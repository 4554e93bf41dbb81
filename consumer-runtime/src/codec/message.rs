//! A message whose frames are coming in (RFC 6455 §5.4).

use super::{Incoming, Limits, error::ProtocolError, header::Header, utf8};

/// A text or binary message as far as it has come.
#[derive(Debug)]
pub(super) struct Message {
    /// What has come, unmasked; the frame that is under way appends to it.
    pub(super) payload: Vec<u8>,
    /// How far the payload is known to be whole characters; `None` in a binary message, which is never checked.
    checked: Option<usize>,
    /// Whether the payload is compressed; then it is checked once it is not.
    pub(super) compressed: bool,
    fragments: usize,
}

impl Message {
    pub(super) fn text(compressed: bool) -> Self {
        Self { payload: Vec::new(), checked: Some(0), compressed, fragments: 0 }
    }

    pub(super) fn binary(compressed: bool) -> Self {
        Self { payload: Vec::new(), checked: None, compressed, fragments: 0 }
    }

    /// Counts the frame that `header` announces in, unless it takes the message over a limit.
    pub(super) fn admit(&mut self, header: &Header, limits: &Limits) -> Result<(), ProtocolError> {
        let (max_message, max_frame) = if self.compressed {
            (limits.max_compressed_message(), limits.max_compressed_frame())
        } else {
            (limits.max_message, limits.max_frame)
        };
        if header.len > max_frame as u64 {
            return Err(ProtocolError::FrameTooLong);
        }
        if header.len.saturating_add(self.payload.len() as u64) > max_message as u64 {
            return Err(ProtocolError::MessageTooLong);
        }
        self.fragments += 1;
        let is_fragmented = self.fragments > 1 || !header.fin;
        if is_fragmented && self.fragments > limits.max_fragments {
            return Err(ProtocolError::TooManyFragments);
        }
        Ok(())
    }

    /// Fails as soon as what came can't be the beginning of a text.
    pub(super) fn check(&mut self) -> Result<(), ProtocolError> {
        if let Some(checked) = &mut self.checked
            && !self.compressed
        {
            *checked = utf8::check(&self.payload, *checked).map_err(|_| ProtocolError::InvalidText)?;
        }
        Ok(())
    }

    /// The message, now that all of it is here, and not compressed.
    ///
    /// What [`check`](Self::check) saw already is checked again: the price of a `String` without a copy or `unsafe`,
    /// paid only by messages that came in pieces.
    pub(super) fn finish(self) -> Result<Incoming, ProtocolError> {
        if self.checked.is_none() {
            return Ok(Incoming::Binary(self.payload.into()));
        }
        String::from_utf8(self.payload).map(Incoming::Text).map_err(|_| ProtocolError::InvalidText)
    }
}
