//! The server's side of the WebSocket protocol (RFC 6455) without any I/O: bytes in, messages out, and frames as bytes.
//!
//! [`Decoder`] takes what a socket read, in whatever pieces, and gives whole messages and control frames. It holds
//! memory only while a frame or a message is cut off. The functions `text`, `binary`, `ping`, `pong` and `close` make
//! whole frames.
//!
//! What a close frame, a ping or an error leads to is the connection's business: nothing here answers by itself.

mod client;
mod close;
mod decode;
#[cfg(feature = "deflate")]
pub(crate) mod deflate;
#[cfg(not(feature = "deflate"))]
#[path = "no_deflate.rs"]
pub(crate) mod deflate;
mod encode;
pub(crate) mod error;
mod header;
mod mask;
mod message;
mod utf8;
mod whole;

#[cfg(test)]
mod tests;

use bytes::Bytes;

#[cfg(feature = "deflate")]
pub(crate) use self::decode::Deflate;
pub(crate) use self::{
    client::{ServerFrames, client_binary, client_close, client_pong, client_text},
    decode::Decoder,
    encode::{binary, close, ping, pong, text, text_with},
    error::ProtocolError,
};

/// What a client may send; one for all connections of an endpoint, handed to each [`Decoder::decode`].
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// The most bytes in one message, over all its fragments.
    pub(crate) max_message: usize,
    /// The most bytes in the payload of one text, binary or continuation frame.
    pub(crate) max_frame: usize,
    /// The most frames that a fragmented message may be cut into.
    pub(crate) max_fragments: usize,
}

impl Limits {
    /// As [`max_message`](Self::max_message), before it is inflated. What does not compress at all becomes a little
    /// longer, and must not be refused for it.
    fn max_compressed_message(&self) -> usize {
        self.max_message.saturating_add(self.max_message / 8).saturating_add(64)
    }

    /// As [`max_frame`](Self::max_frame), which holds for compressed frames as well. One that lets a whole message
    /// through does so in either form.
    fn max_compressed_frame(&self) -> usize {
        if self.max_frame < self.max_message { self.max_frame } else { self.max_compressed_message() }
    }
}

/// What a client (or the server, for its own other end) sent: a message with its fragments put together, or a control frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Bytes),
    /// A ping, whose payload a pong must give back (RFC 6455 §5.5.2).
    Ping(Bytes),
    /// A pong, asked for or not.
    Pong(Bytes),
    /// A close frame with its code and reason, if it has any. Nothing comes after it.
    Close(Option<(u16, String)>),
}

impl Incoming {
    /// The payload in bytes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) | Self::Ping(bytes) | Self::Pong(bytes) => bytes.len(),
            Self::Close(_) => 0,
        }
    }
}
