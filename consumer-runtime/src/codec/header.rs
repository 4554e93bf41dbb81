//! The head of a client's frame (RFC 6455 §5.2).

use super::error::ProtocolError;

const FIN: u8 = 0x80;
const RSV: u8 = 0x70;
/// RSV1, which says that a message is compressed once permessage-deflate is negotiated (RFC 7692 §6).
pub(super) const COMPRESSED: u8 = 0x40;
pub(super) const MASK: u8 = 0x80;

/// The bits that must be 0, with or without permessage-deflate.
pub(super) const fn reserved(deflate: bool) -> u8 {
    if deflate { RSV & !COMPRESSED } else { RSV }
}

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Opcode {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

impl Opcode {
    fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xA => Self::Pong,
            _ => return None,
        })
    }

    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }

    /// The first byte of a frame that is whole by itself.
    pub(super) fn first_byte(self) -> u8 {
        FIN | self as u8
    }
}

/// A header that keeps every rule that can be seen in it alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) fin: bool,
    pub(super) compressed: bool,
    pub(super) opcode: Opcode,
    pub(super) len: u64,
    pub(super) key: [u8; 4],
}

impl Header {
    /// Reads the header at the front of `bytes` and gives it with what follows it, or `None` if it is cut off. `reserved`
    /// are the bits that must be 0.
    ///
    /// A broken rule is found at the first byte that breaks it, so a longer `bytes` never changes an error.
    pub(super) fn parse(bytes: &[u8], reserved: u8) -> Result<Option<(Self, &[u8])>, ProtocolError> {
        let Some((&first, bytes)) = bytes.split_first() else {
            return Ok(None);
        };
        if first & reserved != 0 {
            return Err(ProtocolError::ReservedBits);
        }
        let fin = first & FIN != 0;
        let opcode = Opcode::from_bits(first & 0x0F).ok_or(ProtocolError::ReservedOpcode)?;
        let compressed = first & COMPRESSED != 0;
        if compressed && !matches!(opcode, Opcode::Text | Opcode::Binary) {
            return Err(ProtocolError::MisplacedCompression);
        }
        if opcode.is_control() && !fin {
            return Err(ProtocolError::FragmentedControl);
        }

        let Some((&second, bytes)) = bytes.split_first() else {
            return Ok(None);
        };
        if second & MASK == 0 {
            return Err(ProtocolError::Unmasked);
        }
        let short = second & !MASK;
        if opcode.is_control() && short > 125 {
            return Err(ProtocolError::LongControl);
        }
        let Some((len, bytes)) = extended_length(short, bytes)? else {
            return Ok(None);
        };

        let Some((&key, bytes)) = bytes.split_first_chunk() else {
            return Ok(None);
        };
        Ok(Some((Self { fin, compressed, opcode, len, key }, bytes)))
    }
}

/// The payload's length and what follows it, from the 7 bits that announce it; `None` if it is cut off.
fn extended_length(short: u8, bytes: &[u8]) -> Result<Option<(u64, &[u8])>, ProtocolError> {
    let (len, bytes, least) = match short {
        126 => {
            let Some((len, bytes)) = bytes.split_first_chunk() else {
                return Ok(None);
            };
            (u64::from(u16::from_be_bytes(*len)), bytes, 126)
        }
        127 => {
            let Some((len, bytes)) = bytes.split_first_chunk() else {
                return Ok(None);
            };
            (u64::from_be_bytes(*len), bytes, 0x1_0000)
        }
        _ => (u64::from(short), bytes, 0),
    };
    if len < least {
        return Err(ProtocolError::LengthNotMinimal);
    }
    if len >> 63 != 0 {
        return Err(ProtocolError::LengthTopBit);
    }
    Ok(Some((len, bytes)))
}
