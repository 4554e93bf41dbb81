//! permessage-deflate (RFC 7692) without any I/O: what a handshake agrees on, and messages both ways.
//!
//! [`offer`] reads what a client offers, [`Agreed`] is what comes of it. [`inflate`] turns a message of the client back,
//! never into more than it may be; [`compress`] and [`Stream`] make compressed frames.
//!
//! Nothing here belongs to a connection but what an agreed context takeover makes it keep: whoever is at work borrows an
//! inflater or a compressor from a [`pool`], and returns it after the message.

mod compress;
mod inflate;
mod negotiate;
mod offer;
mod pool;

#[cfg(test)]
mod tests;

pub(crate) use self::{
    compress::{Stream, compress},
    inflate::{Inflation, inflate},
    negotiate::{Agreed, Wanted},
    offer::{Malformed, Offer, offers},
};

/// What RFC 7692 §7.2.1 takes off a compressed message's end: an empty block, from its second byte on.
const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];
