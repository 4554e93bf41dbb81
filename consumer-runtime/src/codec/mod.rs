//! The server's side of the WebSocket protocol (RFC 6455) without any I/O: bytes in, messages out, and frames as bytes.
//!
//! [`Decoder`] takes what a socket read, in whatever pieces, and gives whole messages and control frames. It holds
//! memory only while a frame or a message is cut off. The functions `text`, `binary`, `ping`, `pong` and `close` make
//! whole frames as immutable [`Bytes`], so that one frame can be written to any number of connections.
//!
//! What a close frame, a ping or an error leads to is the connection's business: nothing here answers by itself.

mod close;
mod decode;
mod encode;
pub(crate) mod error;
mod header;
mod mask;
mod message;
mod utf8;

#[cfg(test)]
mod tests;

use bytes::Bytes;

pub(crate) use self::{
    decode::Decoder,
    encode::{binary, close, ping, pong, text, text_with},
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

/// What a client sent: a message with its fragments put together, or a control frame.
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
