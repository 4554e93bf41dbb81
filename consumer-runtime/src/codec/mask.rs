//! Taking off the mask that a client puts over its payloads (RFC 6455 §5.3).

/// Takes the mask off `payload`, whose first byte is under the first byte of `key`.
///
/// Goes by words of 8 bytes, which the compiler turns into vector instructions.
pub(super) fn unmask(payload: &mut [u8], key: [u8; 4]) {
    let [a, b, c, d] = key;
    let word = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, tail) = payload.as_chunks_mut();
    for bytes in words {
        *bytes = (u64::from_ne_bytes(*bytes) ^ word).to_ne_bytes();
    }
    for (byte, key) in tail.iter_mut().zip([a, b, c, d, a, b, c]) {
        *byte ^= key;
    }
}

/// The key for what comes after `len` bytes of a payload that begins under `key`.
pub(super) fn key_after(key: [u8; 4], len: usize) -> [u8; 4] {
    let mut key = key;
    key.rotate_left(len % 4);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

    /// The rule as the RFC states it: byte i is under byte i mod 4 of the key.
    fn by_the_book(payload: &[u8]) -> Vec<u8> {
        payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key).collect()
    }

    #[test]
    fn every_length_and_alignment() {
        let payload: Vec<u8> = (0..64).collect();
        for from in 0..9 {
            for to in from..payload.len() {
                let mut unmasked = payload.clone();
                unmask(&mut unmasked[from..to], KEY);
                assert_eq!(unmasked[from..to], by_the_book(&payload[from..to]), "{from}..{to}");
                assert_eq!(unmasked[to..], payload[to..]);
            }
        }
    }

    #[test]
    fn in_two_pieces() {
        let payload: Vec<u8> = (0..32).collect();
        for cut in 0..payload.len() {
            let mut unmasked = payload.clone();
            let (first, second) = unmasked.split_at_mut(cut);
            unmask(first, KEY);
            unmask(second, key_after(KEY, cut));
            assert_eq!(unmasked, by_the_book(&payload), "cut at {cut}");
        }
    }
}
