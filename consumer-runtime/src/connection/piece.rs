//! The bytes of whole frames, as they wait for the socket.

use std::ops::Deref;

use bytes::{Buf, Bytes};

/// Up to so many bytes are put together while they wait, which is quicker than a `writev` of many pieces.
pub(super) const JOIN: usize = 16 * 1024;

/// A frame so small that copying it is cheaper than keeping it apart.
const SMALL: usize = 1024;

/// What small frames are put together in has room for so many bytes from the second on.
const ROOM: usize = 1024;

/// Frames that are written one after the other.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// Other connections may have them too.
    Shared(Bytes),
    /// This connection's alone, so that more can be put behind them.
    Own(Vec<u8>),
}

impl Piece {
    /// Puts small frames behind these; false when there is no room, or it would not be worth it.
    pub(super) fn append(&mut self, more: &[u8]) -> bool {
        if more.len() > SMALL || self.len() + more.len() > JOIN {
            return false;
        }
        match self {
            Self::Own(bytes) => {
                if bytes.capacity() - bytes.len() < more.len() {
                    bytes.reserve(more.len().max(ROOM));
                }
                bytes.extend_from_slice(more);
            }
            Self::Shared(bytes) if bytes.len() <= SMALL => {
                let mut own = Vec::with_capacity((bytes.len() + more.len()).max(ROOM));
                own.extend_from_slice(bytes);
                own.extend_from_slice(more);
                *self = Self::Own(own);
            }
            Self::Shared(_) => return false,
        }
        true
    }

    /// Takes off what is written.
    pub(super) fn advance(&mut self, written: usize) {
        let mut bytes = std::mem::take(self).into_bytes();
        bytes.advance(written);
        *self = Self::Shared(bytes);
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        match self {
            Self::Shared(bytes) => bytes,
            Self::Own(bytes) => bytes.into(),
        }
    }
}

impl Default for Piece {
    fn default() -> Self {
        Self::Own(Vec::new())
    }
}

impl From<Bytes> for Piece {
    fn from(bytes: Bytes) -> Self {
        Self::Shared(bytes)
    }
}

impl From<Vec<u8>> for Piece {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Own(bytes)
    }
}

impl Deref for Piece {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Shared(bytes) => bytes,
            Self::Own(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_frames_become_one_and_others_keep_theirs() {
        let shared = Bytes::from(vec![1; 10]);
        let mut piece = Piece::from(shared.clone());
        assert!(piece.append(&[2; 5]) && piece.append(&[3]));
        assert_eq!(piece[8..], [1, 1, 2, 2, 2, 2, 2, 3]);
        assert_eq!(shared.len(), 10);
        piece.advance(12);
        assert_eq!(piece[..], [2, 2, 2, 3]);
    }

    #[test]
    fn what_is_large_stays_apart() {
        let mut small = Piece::from(vec![0; 10]);
        assert!(!small.append(&[0; SMALL + 1]));
        assert!(!Piece::from(Bytes::from(vec![0; SMALL + 1])).append(&[0]));
        while small.append(&[0; SMALL]) {}
        assert!(small.len() <= JOIN && small.len() + SMALL > JOIN);
    }

    #[test]
    fn it_takes_no_more_room_than_shared_bytes() {
        assert_eq!(size_of::<Piece>(), size_of::<Bytes>());
    }
}
