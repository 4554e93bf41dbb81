//! Checking UTF-8 (RFC 6455 §8.1) in text that is still coming in.

/// A byte that no valid text has in this place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InvalidUtf8;

/// Checks `text` from `checked` on, and gives how far it is now known to be whole characters.
///
/// A character cut off at the end is left for later, at most 3 bytes; a byte that no later one can put right is an
/// error at once. `checked` must be what the last call for the same text gave, or 0.
pub(super) fn check(text: &[u8], checked: usize) -> Result<usize, InvalidUtf8> {
    match std::str::from_utf8(text.get(checked..).unwrap_or_default()) {
        Ok(_) => Ok(text.len()),
        Err(error) if error.error_len().is_none() => Ok(checked + error.valid_up_to()),
        Err(_) => Err(InvalidUtf8),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn encoded(character: char) -> Vec<u8> {
        character.to_string().into_bytes()
    }

    #[test]
    fn byte_at_a_time() {
        let text = "aé€\u{D7FF}\u{E000}\u{10000}😀\u{10FFFF}z".as_bytes();
        let mut checked = 0;
        for end in 0..=text.len() {
            checked = check(&text[..end], checked).expect("every prefix of valid text");
            assert!(end - checked <= 3, "{checked} of {end}");
        }
        assert_eq!(checked, text.len());
    }

    /// A prefix is refused exactly when no character starts with it: not a byte later, not a byte sooner.
    #[test]
    fn fails_at_the_first_wrong_byte() {
        // The last byte of a character is free, and so is the third of four: the first two decide.
        let mut starts = HashSet::new();
        for character in '\u{80}'..'\u{800}' {
            starts.insert(encoded(character));
        }
        for character in ('\u{800}'..=char::MAX).step_by(0x40) {
            starts.insert(encoded(character)[..2].to_vec());
        }
        let leads: HashSet<u8> = starts.iter().map(|start| start[0]).collect();
        for first in 0x80..=0xFF {
            assert_eq!(check(&[first], 0).is_ok(), leads.contains(&first), "{first:02x}");
            for second in 0x00..=0xFF {
                let pair = [first, second];
                assert_eq!(check(&pair, 0).is_ok(), starts.contains(pair.as_slice()), "{pair:02x?}");
            }
        }
        for third in 0x00..=0xFF {
            let continues = (0x80..=0xBF).contains(&third);
            assert_eq!(check(&[0xE2, 0x82, third], 0).is_ok(), continues);
            assert_eq!(check(&[0xF0, 0x9F, third], 0).is_ok(), continues);
            assert_eq!(check(&[0xF0, 0x9F, 0x98, third], 0).is_ok(), continues);
        }
    }
}
