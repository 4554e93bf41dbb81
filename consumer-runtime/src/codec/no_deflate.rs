//! Stands in for permessage-deflate where the feature `deflate` is off: nothing is ever compressed, as the types say.

use super::error::ProtocolError;

/// What no message refers to.
#[derive(Debug)]
pub(crate) enum Inflation {}

impl Inflation {
    pub(crate) const SIZE: usize = 0;

    /// The decoder lets no compressed message through.
    pub(crate) fn next(_: &mut Option<Self>, _payload: &[u8], _limit: usize) -> Result<Vec<u8>, ProtocolError> {
        Err(ProtocolError::CorruptMessage)
    }
}

/// As [`Inflation::next`].
pub(crate) fn inflate(_payload: &[u8], _limit: usize) -> Result<Vec<u8>, ProtocolError> {
    Err(ProtocolError::CorruptMessage)
}
