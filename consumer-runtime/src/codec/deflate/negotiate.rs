//! What a handshake agrees on (RFC 7692 §7.1).

use std::fmt::Write as _;

use super::offer::Offer;

/// The smallest window that zlib compresses with; RFC 7692 knows one of 8 bits as well.
const LEAST_BITS: u8 = 9;

/// What the server would like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) server_context_takeover: bool,
    pub(crate) client_context_takeover: bool,
    /// 9 to 15.
    pub(crate) server_window_bits: u8,
    /// 9 to 15.
    pub(crate) client_window_bits: u8,
}

/// How both sides compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agreed {
    pub(crate) server_no_context_takeover: bool,
    pub(crate) client_no_context_takeover: bool,
    /// 9 to 15.
    pub(crate) server_window_bits: u8,
    /// 8 to 15.
    pub(crate) client_window_bits: u8,
}

impl Agreed {
    /// What comes of the first of `offers` that can be accepted, and the response's header that says so.
    pub(crate) fn choose(offers: &[Offer], wanted: Wanted) -> Option<(Self, String)> {
        offers.iter().find_map(|offer| {
            let agreed = Self::accept(offer, wanted)?;
            Some((agreed, agreed.response(offer)))
        })
    }

    fn accept(offer: &Offer, wanted: Wanted) -> Option<Self> {
        let server_window_bits = wanted.server_window_bits.min(offer.server_max_window_bits.unwrap_or(15));
        if server_window_bits < LEAST_BITS {
            return None;
        }
        let client_window_bits = match offer.client_max_window_bits {
            Some(most) => wanted.client_window_bits.min(most.unwrap_or(15)),
            // It cannot be told.
            None => 15,
        };
        Some(Self {
            server_no_context_takeover: offer.server_no_context_takeover || !wanted.server_context_takeover,
            client_no_context_takeover: offer.client_no_context_takeover || !wanted.client_context_takeover,
            server_window_bits,
            client_window_bits,
        })
    }

    /// The value of the response's `Sec-WebSocket-Extensions`.
    fn response(&self, offer: &Offer) -> String {
        let mut response = String::from("permessage-deflate");
        if self.server_no_context_takeover {
            response.push_str("; server_no_context_takeover");
        }
        if self.client_no_context_takeover {
            response.push_str("; client_no_context_takeover");
        }
        // 15 is what holds when nothing is said; a maximum that is offered must be answered all the same (§7.1.2.1).
        if self.server_window_bits < 15 || offer.server_max_window_bits.is_some() {
            let _ = write!(response, "; server_max_window_bits={}", self.server_window_bits);
        }
        // Only a client that offers it may be told (§7.1.2.2).
        if self.client_window_bits < 15 && offer.client_max_window_bits.is_some() {
            let _ = write!(response, "; client_max_window_bits={}", self.client_window_bits);
        }
        response
    }
}
