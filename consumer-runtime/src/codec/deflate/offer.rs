//! What a client offers: `Sec-WebSocket-Extensions` (RFC 6455 §9.1, RFC 7692 §7.1).

use std::{error::Error, fmt};

/// A header that is no list of extensions, which fails the handshake (RFC 6455 §9.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "`Sec-WebSocket-Extensions` is no list of extensions, as in `permessage-deflate; client_max_window_bits`",
        )
    }
}

impl Error for Malformed {}

/// One offer of permessage-deflate, each of whose parameters is known, valid and there at most once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The server must compress each message by itself.
    pub(crate) server_no_context_takeover: bool,
    /// The client will compress each message by itself, whatever is agreed.
    pub(crate) client_no_context_takeover: bool,
    /// The most that the server's window may be.
    pub(crate) server_max_window_bits: Option<u8>,
    /// Whether the client can be told how large its window may be, and how large it will be at most.
    pub(crate) client_max_window_bits: Option<Option<u8>>,
}

/// The offers of permessage-deflate in one header, best first; other extensions and offers that cannot be accepted are
/// left out.
///
/// # Errors
/// When the header is malformed, also in a part that is left out.
pub(crate) fn offers(header: &str) -> Result<Vec<Offer>, Malformed> {
    let mut rest = Text(header);
    let mut offers = Vec::new();
    loop {
        rest.skip_spaces();
        // Lists may hold empty elements (RFC 9110 §5.6.1).
        if !rest.0.is_empty() && !rest.0.starts_with(',') {
            offers.extend(extension(&mut rest)?);
            rest.skip_spaces();
        }
        if rest.0.is_empty() {
            return Ok(offers);
        }
        if !rest.take(',') {
            return Err(Malformed);
        }
    }
}

/// Reads one extension with its parameters; `None` unless it is permessage-deflate in a form that can be accepted.
fn extension(text: &mut Text<'_>) -> Result<Option<Offer>, Malformed> {
    let mut offer = (text.token()? == "permessage-deflate").then(Offer::default);
    loop {
        text.skip_spaces();
        if !text.take(';') {
            return Ok(offer);
        }
        text.skip_spaces();
        let name = text.token()?;
        text.skip_spaces();
        let value = if text.take('=') {
            text.skip_spaces();
            Some(text.value()?)
        } else {
            None
        };
        // One parameter that is wrong declines the offer, whatever the others are (RFC 7692 §5.1).
        offer = offer.and_then(|offer| offer.with(name, value.as_deref()));
    }
}

impl Offer {
    fn with(mut self, name: &str, value: Option<&str>) -> Option<Self> {
        let is_new = match name {
            "server_no_context_takeover" if value.is_none() => {
                !std::mem::replace(&mut self.server_no_context_takeover, true)
            }
            "client_no_context_takeover" if value.is_none() => {
                !std::mem::replace(&mut self.client_no_context_takeover, true)
            }
            "server_max_window_bits" => self.server_max_window_bits.replace(window_bits(value?)?).is_none(),
            "client_max_window_bits" => {
                let bits = match value {
                    Some(value) => Some(window_bits(value)?),
                    None => None,
                };
                self.client_max_window_bits.replace(bits).is_none()
            }
            _ => false,
        };
        is_new.then_some(self)
    }
}

/// A decimal number from 8 to 15 without leading zeros (RFC 7692 §7.1.2).
fn window_bits(value: &str) -> Option<u8> {
    match value.as_bytes() {
        [digit @ b'8'..=b'9'] => Some(digit - b'0'),
        [b'1', digit @ b'0'..=b'5'] => Some(10 + digit - b'0'),
        _ => None,
    }
}

/// What is left to read of a header.
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    fn skip_spaces(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn take(&mut self, char: char) -> bool {
        match self.0.strip_prefix(char) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn token(&mut self) -> Result<&'a str, Malformed> {
        let end = self.0.find(|char| !is_token(char)).unwrap_or(self.0.len());
        let (token, rest) = self.0.split_at(end);
        self.0 = rest;
        if token.is_empty() { Err(Malformed) } else { Ok(token) }
    }

    /// A token, quoted or not: what is in the quotes must be one as well (RFC 6455 §9.1).
    fn value(&mut self) -> Result<String, Malformed> {
        if !self.take('"') {
            return self.token().map(str::to_owned);
        }
        let mut value = String::new();
        let mut chars = self.0.chars();
        loop {
            match chars.next() {
                Some('"') if !value.is_empty() => break,
                Some('\\') => value.push(chars.next().filter(|char| is_token(*char)).ok_or(Malformed)?),
                Some(char) if is_token(char) => value.push(char),
                _ => return Err(Malformed),
            }
        }
        self.0 = chars.as_str();
        Ok(value)
    }
}

/// RFC 9110 §5.6.2.
fn is_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char)
}
