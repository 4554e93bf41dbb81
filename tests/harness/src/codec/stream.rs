//! A stream of bytes with its limits and its reads, out of a fuzzer's input.

use super::source::Limits;

/// What a client sends, what it may send, and how it comes in.
pub(super) struct Stream {
    pub(super) limits: Limits,
    pub(super) bytes: Vec<u8>,
    /// Decides how long each read is.
    cuts: u8,
}

impl Stream {
    /// Reads an input; `None` when it is too short to say anything.
    pub(super) fn read(data: &[u8]) -> Option<Self> {
        let (&[form, cuts], rest) = data.split_first_chunk()?;
        let choose = |bits: u8, choices: [usize; 4]| choices[usize::from(bits & 3)];
        let limits = Limits {
            max_message: choose(form >> 1, [2000, 300, 125, 0]),
            // Not below a control frame's 125, which tungstenite holds to this limit too.
            max_frame: choose(form >> 3, [1000, 150, 2500, 125]),
            max_fragments: choose(form >> 5, [usize::MAX, 3, 1, 0]),
        };
        let bytes = if form & 1 == 0 { rest.to_vec() } else { frames(rest) };
        Some(Self { limits, bytes, cuts })
    }

    /// The stream as reads of 1 to 64 bytes, or longer ones.
    pub(super) fn reads(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = &*self.bytes;
        let mut state = u32::from(self.cuts) | 0x100;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let most = if self.cuts & 1 == 0 { 64 } else { 1024 };
            let (read, later) = rest.split_at(rest.len().min(1 + (state >> 16) as usize % most));
            rest = later;
            Some(read)
        })
    }
}

/// Frames with a right length and a mask, so that not every input has to find these for itself: a first byte, a length,
/// and as much payload. A length of 255 is followed by a byte of how many payloads of 16 bytes that are.
fn frames(mut rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some((&[first, short], after)) = rest.split_first_chunk() {
        let (len, after) = match (short, after.split_first()) {
            (255, Some((&many, after))) => (usize::from(many) * 16, after),
            _ => (usize::from(short), after),
        };
        let (payload, after) = after.split_at(len.min(after.len()));
        rest = after;
        bytes.extend(frame(first, short, payload));
    }
    bytes
}

/// A frame of a client with this first byte, its mask made of `seed`.
pub(super) fn frame(first: u8, seed: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        len @ 0..126 => bytes.push(0x80 | len as u8),
        len => {
            bytes.push(0x80 | 126);
            bytes.extend((len as u16).to_be_bytes());
        }
    }
    let key = [first, 0xA5, seed, 0x3C];
    bytes.extend(key);
    bytes.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}
