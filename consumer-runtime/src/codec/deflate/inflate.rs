//! A client's compressed message, turned back (RFC 7692 §7.2.2).

use flate2::{Decompress, FlushDecompress, Status};

use super::super::error::ProtocolError;
use super::{TAIL, pool::Pool};

/// A block that ends a stream, and holds nothing.
const LAST_BLOCK: [u8; 5] = [0x01, 0x00, 0x00, 0xFF, 0xFF];

/// How often one message may end a stream of blocks and begin another, which costs more than the bytes that say so.
const MAX_STREAMS: usize = 64;

/// The least that is reserved for what comes out.
const LEAST: usize = 256;

static IDLE: Pool<Inflation> = Pool::new();

/// What reads compressed messages; with a context takeover, one that remembers those before.
///
/// Always of the largest window: zlib-rs takes the memory for that anyway, and it reads whatever was made with a
/// smaller one.
pub(crate) struct Inflation(Decompress);

impl std::fmt::Debug for Inflation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Inflation")
    }
}

/// Turns a message back that does not refer to others.
///
/// # Errors
/// [`MessageTooLong`](ProtocolError::MessageTooLong) as soon as more than `limit` bytes come out, and
/// [`CorruptMessage`](ProtocolError::CorruptMessage).
pub(crate) fn inflate(payload: &[u8], limit: usize) -> Result<Vec<u8>, ProtocolError> {
    let mut inflation = IDLE.take(|_| true).unwrap_or_else(Inflation::new);
    // One that failed is not used again, whatever state it is in.
    let inflated = inflation.alone(payload, limit)?;
    inflation.0.reset(false);
    IDLE.put(inflation);
    Ok(inflated)
}

impl Inflation {
    /// How much memory one takes on the heap, more or less: the window, and the tables of the block under way.
    pub(crate) const SIZE: usize = 48 * 1024;

    fn new() -> Self {
        Self(Decompress::new(false))
    }

    /// Turns the next message of a connection back, the first one where there is no context yet.
    ///
    /// A stream that its sender has ended (§7.2.3.4) takes its context with it: zlib's compressors forget theirs as well.
    ///
    /// # Errors
    /// As [`inflate`]; then this reads no other message.
    pub(crate) fn next(context: &mut Option<Self>, payload: &[u8], limit: usize) -> Result<Vec<u8>, ProtocolError> {
        let inflation = context.get_or_insert_with(Self::new);
        let (mut inflated, whole) = inflation.blocks(payload, limit)?;
        if !whole {
            let len = inflated.len();
            inflation.feed(&TAIL, &mut inflated, limit)?;
            if inflated.len() != len {
                // These bytes are an empty block, unless the one before it was cut off.
                return Err(ProtocolError::CorruptMessage);
            }
        }
        Ok(inflated)
    }

    fn alone(&mut self, payload: &[u8], limit: usize) -> Result<Vec<u8>, ProtocolError> {
        let (mut inflated, whole) = self.blocks(payload, limit)?;
        if !whole {
            let len = inflated.len();
            self.feed(&TAIL, &mut inflated, limit)?;
            // Where no block is under way another one fits: a cut that gives no bytes away is found as well.
            let ended = self.feed(&LAST_BLOCK, &mut inflated, limit)?.is_some_and(|left| left == 0);
            if inflated.len() != len || !ended {
                return Err(ProtocolError::CorruptMessage);
            }
        }
        Ok(inflated)
    }

    /// Inflates a payload without its tail, and says whether it lacks none.
    fn blocks(&mut self, payload: &[u8], limit: usize) -> Result<(Vec<u8>, bool), ProtocolError> {
        let mut inflated = Vec::new();
        let mut rest = payload;
        for _ in 0..MAX_STREAMS {
            if rest.is_empty() {
                return Ok((inflated, true));
            }
            match self.feed(rest, &mut inflated, limit)? {
                None => return Ok((inflated, false)),
                Some(left) => {
                    rest = rest.get(rest.len() - left..).unwrap_or_default();
                    self.0.reset(false);
                }
            }
        }
        Err(ProtocolError::CorruptMessage)
    }

    /// Inflates all of `input`, or up to the end of the stream: then it says how many bytes are left.
    fn feed(&mut self, input: &[u8], output: &mut Vec<u8>, limit: usize) -> Result<Option<usize>, ProtocolError> {
        let mut input = input;
        loop {
            if output.len() == output.capacity() {
                // One byte over the limit is room enough to see that it is crossed.
                let most = limit.saturating_add(1) - output.len();
                output.reserve_exact(output.len().max(2 * input.len()).max(LEAST).min(most));
            }
            let before = self.0.total_in();
            let status = self.0.decompress_vec(input, output, FlushDecompress::None);
            let consumed = usize::try_from(self.0.total_in() - before).unwrap_or(usize::MAX);
            input = input.get(consumed..).unwrap_or_default();
            if output.len() > limit {
                return Err(ProtocolError::MessageTooLong);
            }
            match status.map_err(|_| ProtocolError::CorruptMessage)? {
                Status::StreamEnd => return Ok(Some(input.len())),
                // Room that is left says that there is no more to come out of it.
                Status::Ok | Status::BufError if input.is_empty() && output.len() < output.capacity() => {
                    return Ok(None);
                }
                Status::BufError if output.len() < output.capacity() => return Err(ProtocolError::CorruptMessage),
                Status::Ok | Status::BufError => {}
            }
        }
    }
}
