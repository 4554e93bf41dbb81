//! How one connection's messages are compressed: agreed on in the handshake, and the same to its end.

use std::sync::OnceLock;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use crate::{
    codec::{
        Decoder, Deflate,
        deflate::{Agreed, Malformed, Offer, Wanted, compress, offers},
    },
    counters::Counters,
    settings::Compression,
};

/// What the server's messages may refer to; only with a context takeover.
pub(crate) use crate::codec::deflate::Stream as Context;

/// What the server's messages refer to, between two writes.
pub(super) type Kept = Option<Box<Context>>;

/// What a connection has agreed on: nothing, or how to compress.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Session(Option<Terms>);

#[derive(Clone, Copy, Debug)]
struct Terms {
    agreed: Agreed,
    level: u8,
    min_size: usize,
}

impl Session {
    /// What comes of a request's offers, and the header that says so.
    ///
    /// # Errors
    /// The response that says what is wrong.
    pub(crate) fn negotiate(
        headers: &HeaderMap,
        compression: Option<&Compression>,
    ) -> Result<(Self, Option<HeaderValue>), Response> {
        let Some(compression) = compression else { return Ok((Self::default(), None)) };
        if let Err(error) = compression.check() {
            tracing::error!("{error}; answering 500");
            return Err((StatusCode::INTERNAL_SERVER_ERROR, "this server is not set up\n").into_response());
        }
        let wanted = Wanted {
            server_context_takeover: compression.server_context_takeover,
            client_context_takeover: compression.client_context_takeover,
            server_window_bits: compression.server_window_bits,
            client_window_bits: compression.client_window_bits,
        };
        let offers = all_offers(headers).map_err(|malformed| {
            let text = format!("{malformed}\n");
            (StatusCode::BAD_REQUEST, text).into_response()
        })?;
        let Some((agreed, response)) = Agreed::choose(&offers, wanted) else { return Ok((Self::default(), None)) };
        // A header that can't be written would leave the client without what we believe in.
        let Ok(response) = HeaderValue::try_from(response) else { return Ok((Self::default(), None)) };
        let terms = Terms { agreed, level: compression.level, min_size: compression.min_size };
        Ok((Self(Some(terms)), Some(response)))
    }

    /// What reads the client's messages.
    pub(crate) fn decoder(&self) -> Decoder {
        match self.0 {
            None => Decoder::new(),
            Some(Terms { agreed, .. }) if agreed.client_no_context_takeover => Decoder::with_deflate(Deflate::Alone),
            Some(_) => Decoder::with_deflate(Deflate::Takeover),
        }
    }

    /// A whole frame as it goes into the outgoing queue.
    pub(crate) fn encode(&self, frame: Bytes, counters: &Counters) -> Bytes {
        match self.alone(&frame) {
            Some(terms) => terms.compress(&frame, counters).unwrap_or(frame),
            None => frame,
        }
    }

    /// Whether every frame goes as it is, so that several may go as one.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.is_none()
    }

    /// Whether messages refer to those before them, so that each goes through [`encode_in_order`](Self::encode_in_order).
    pub(crate) fn is_in_order(&self) -> bool {
        self.0.is_some_and(|terms| !terms.agreed.server_no_context_takeover)
    }

    /// A whole frame as it goes to the socket: from here on it must go, and in this order.
    ///
    /// Messages that refer to those before them are compressed here, since a queue may drop what waits in it.
    pub(crate) fn encode_in_order(
        &self,
        context: &mut Option<Box<Context>>,
        frame: Bytes,
        counters: &Counters,
    ) -> Bytes {
        let Some(Terms { agreed, level, min_size }) = self.0 else { return frame };
        if agreed.server_no_context_takeover || frame.len() < min_size {
            return frame;
        }
        match Context::next(context, &frame, level, agreed.server_window_bits) {
            Some(compressed) => {
                counters.compressed();
                compressed
            }
            None => frame,
        }
    }

    /// The terms, if they are that this frame is compressed by itself.
    fn alone(&self, frame: &Bytes) -> Option<&Terms> {
        self.0.as_ref().filter(|terms| terms.agreed.server_no_context_takeover && frame.len() >= terms.min_size)
    }
}

impl Terms {
    fn compress(&self, frame: &Bytes, counters: &Counters) -> Option<Bytes> {
        counters.compressed();
        compress(frame, self.level, self.agreed.server_window_bits)
    }
}

/// The offers of all headers, which are one list (RFC 6455 §9.1).
fn all_offers(headers: &HeaderMap) -> Result<Vec<Offer>, Malformed> {
    let mut all = Vec::new();
    for value in headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS) {
        all.extend(offers(value.to_str().map_err(|_| Malformed)?)?);
    }
    Ok(all)
}

/// One whole frame for many connections: compressed once for each size of window that they have agreed on, and only if
/// one of them wants it so.
#[derive(Debug)]
pub(crate) struct Shared {
    plain: Bytes,
    /// Written by the first who asks, read by all after it. In a box, since most frames need none.
    compressed: OnceLock<Box<ByWindow>>,
}

/// Indexed by the bits less 9. Which level made one does not matter to who reads it.
type ByWindow = [OnceLock<Bytes>; 7];

impl Shared {
    pub(crate) fn new(plain: Bytes) -> Self {
        Self { plain, compressed: OnceLock::new() }
    }

    /// The frame as it is.
    pub(crate) fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// The frame as it goes into one connection's outgoing queue.
    pub(crate) fn frame_for(&self, session: &Session, counters: &Counters) -> Bytes {
        let Some(terms) = session.alone(&self.plain) else { return self.plain.clone() };
        let compressed = self.compressed.get_or_init(Box::default);
        match compressed.get(usize::from(terms.agreed.server_window_bits.saturating_sub(9))) {
            Some(frame) => {
                frame.get_or_init(|| terms.compress(&self.plain, counters).unwrap_or(self.plain.clone())).clone()
            }
            None => self.plain.clone(),
        }
    }
}
