//! The payload of a close frame (RFC 6455 §5.5.1) and its codes (§7.4).

use super::error::ProtocolError;

/// The most bytes of a reason: a control frame's 125 less the code.
const MAX_REASON: usize = 123;

/// Whether `code` may stand in a close frame.
///
/// 1004, 1005, 1006 and 1015 must not be sent, and what is neither registered (up to 1014) nor in the ranges for
/// libraries and applications (3000 to 4999) is reserved.
pub(super) fn is_sendable(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Reads the payload of a client's close frame.
pub(super) fn parse(payload: &[u8]) -> Result<Option<(u16, String)>, ProtocolError> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return if payload.is_empty() { Ok(None) } else { Err(ProtocolError::CloseTooShort) };
    };
    let code = u16::from_be_bytes(*code);
    if !is_sendable(code) {
        return Err(ProtocolError::CloseCode);
    }
    let reason = std::str::from_utf8(reason).map_err(|_| ProtocolError::InvalidReason)?;
    Ok(Some((code, reason.to_owned())))
}

/// The payload of the server's close frame, with the reason cut where the frame is full.
pub(super) fn payload(code: u16, reason: &str) -> Vec<u8> {
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(cut(reason).as_bytes());
    payload
}

/// As much of `reason` as fits, in whole characters.
fn cut(reason: &str) -> &str {
    let end = (0..=reason.len().min(MAX_REASON)).rev().find(|&end| reason.is_char_boundary(end));
    end.and_then(|end| reason.get(..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_is_cut_between_characters() {
        assert_eq!(cut(""), "");
        assert_eq!(cut(&"a".repeat(123)), "a".repeat(123));
        assert_eq!(cut(&"a".repeat(124)), "a".repeat(123));
        assert_eq!(cut(&"é".repeat(100)), "é".repeat(61));
        assert_eq!(cut(&"😀".repeat(100)), "😀".repeat(30));
        assert_eq!(cut(&format!("{}😀", "a".repeat(122))), "a".repeat(122));
    }

    #[test]
    fn payload_reads_back() {
        assert_eq!(parse(&payload(1000, "bye")), Ok(Some((1000, "bye".to_owned()))));
        assert_eq!(parse(&payload(4999, "")), Ok(Some((4999, String::new()))));
        assert_eq!(payload(1000, &"é".repeat(100)).len(), 124);
    }
}
