//! Compressed frames (RFC 7692 §7.2.1), made from whole ones.

use std::fmt;

use bytes::{Buf, Bytes};
use flate2::{Compress, Compression, FlushCompress, Status};

use super::super::encode::{self, MAX_HEADER};
use super::{TAIL, pool::Pool};

static IDLE: Pool<Stream> = Pool::new();

/// What makes compressed frames; with a context takeover, of a connection of its own.
pub(crate) struct Stream {
    compress: Compress,
    level: u8,
    window_bits: u8,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("level", &self.level).field("window_bits", &self.window_bits).finish()
    }
}

/// The same message in a compressed frame that refers to no other, fit for every connection with a window of at least so
/// many bits; `None` when it would not be shorter.
///
/// `frame` must be one of [`codec`](crate::codec)'s own. A control frame is never compressed.
pub(crate) fn compress(frame: &[u8], level: u8, window_bits: u8) -> Option<Bytes> {
    let (_, payload) = encode::message_parts(frame)?;
    // The shortest block takes 2 bytes for none.
    if payload.len() <= 2 {
        return None;
    }
    let fits = |idle: &Stream| (idle.level, idle.window_bits) == (level, window_bits);
    let mut stream = IDLE.take(fits).unwrap_or_else(|| Stream::new(level, window_bits));
    // One that failed is not used again: zlib-rs starts a stream well only after the one before it has come out whole.
    let compressed = stream.frame(frame)?;
    stream.compress.reset();
    IDLE.put(stream);
    (compressed.len() < frame.len()).then_some(compressed)
}

impl Stream {
    /// One that has seen nothing yet, of a level from 1 to 9 and a window of 9 to 15 bits.
    fn new(level: u8, window_bits: u8) -> Self {
        let (level, window_bits) = (level.clamp(1, 9), window_bits.clamp(9, 15));
        let compress = Compress::new_with_window_bits(Compression::new(level.into()), false, window_bits);
        Self { compress, level, window_bits }
    }

    /// The next message of a connection in a compressed frame, the first one where there is no context yet; `None` for
    /// what is no message, or an empty one: that adds nothing to a context, and a compressor makes nothing of it.
    ///
    /// Every message that comes here must be sent, since later ones refer to it. So it is compressed also where that is
    /// longer, which is a few bytes.
    pub(crate) fn next(context: &mut Option<Box<Self>>, frame: &[u8], level: u8, window_bits: u8) -> Option<Bytes> {
        encode::message_parts(frame).filter(|(_, payload)| !payload.is_empty())?;
        let compressed = context.get_or_insert_with(|| Box::new(Self::new(level, window_bits))).frame(frame);
        if compressed.is_none() {
            // Whatever went wrong, nothing may refer to a message that goes as it is.
            *context = None;
        }
        compressed
    }

    /// The compressed frame, with all that there is in the compressor.
    fn frame(&mut self, frame: &[u8]) -> Option<Bytes> {
        let (opcode, payload) = encode::message_parts(frame)?;
        let mut compressed = Vec::with_capacity(MAX_HEADER + payload.len() / 2 + 64);
        compressed.extend_from_slice(&[0; MAX_HEADER]);
        let mut rest = payload;
        loop {
            let before = self.compress.total_in();
            let status = self.compress.compress_vec(rest, &mut compressed, FlushCompress::Sync).ok()?;
            let consumed = usize::try_from(self.compress.total_in() - before).unwrap_or(usize::MAX);
            rest = rest.get(consumed..).unwrap_or_default();
            if compressed.len() < compressed.capacity() {
                // Room that is left says that all of it came out.
                if rest.is_empty() && status == Status::Ok {
                    break;
                }
                return None;
            }
            compressed.reserve(payload.len() / 2 + 64);
        }
        let end = compressed.len().checked_sub(TAIL.len())?;
        if compressed.get(end..) != Some(&TAIL[..]) {
            return None;
        }
        compressed.truncate(end);
        let (header, start) = encode::compressed_header(opcode, end.checked_sub(MAX_HEADER)?);
        if let Some(room) = compressed.first_chunk_mut() {
            *room = header;
        }
        // A queue is bounded by what its frames hold, which should be what they take.
        compressed.shrink_to_fit();
        let mut compressed = Bytes::from(compressed);
        compressed.advance(start);
        Some(compressed)
    }
}
