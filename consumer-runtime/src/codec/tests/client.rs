//! Frames as a client writes them, right or wrong.

pub(super) const FIN: u8 = 0x80;
pub(super) const CONTINUATION: u8 = 0x0;
pub(super) const TEXT: u8 = 0x1;
pub(super) const BINARY: u8 = 0x2;
pub(super) const CLOSE: u8 = 0x8;
pub(super) const PING: u8 = 0x9;
pub(super) const PONG: u8 = 0xA;

pub(super) const KEY: [u8; 4] = [0xA1, 0x5B, 0x07, 0xEE];

/// A masked frame with `first` as its first byte and the shortest length.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(first, payload.len() as u64);
    frame.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// The header alone, with the shortest length.
pub(super) fn head(first: u8, len: u64) -> Vec<u8> {
    match len {
        0..=125 => head_with(first, len as u8, &[]),
        126..=0xFFFF => head_with(first, 126, &(len as u16).to_be_bytes()),
        _ => head_with(first, 127, &len.to_be_bytes()),
    }
}

/// A header with the length written as given.
pub(super) fn head_with(first: u8, short: u8, extended: &[u8]) -> Vec<u8> {
    [&[first, 0x80 | short], extended, &KEY].concat()
}

/// A close frame.
pub(super) fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(FIN | CLOSE, &[&code.to_be_bytes(), reason].concat())
}
