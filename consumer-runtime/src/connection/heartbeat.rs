//! A client's own sign of life.
//!
//! A browser's script can neither send a ping frame nor see the server's, so it asks with a frame of its own, and gets a
//! reply: `{"type":"ping","id":"~1"}`.

use crate::decode::FrameId;

/// What it begins with, byte for byte, so that other frames are told apart by a glance.
const HEAD: &str = r#"{"type":"ping","id":"~"#;

/// The longest `id`, without its `~`.
const LONGEST: usize = 32;

/// The `id` of a sign of life; `None` for every other frame.
pub(super) fn id(text: &str) -> Option<FrameId> {
    // Tools that send a line send its end, too.
    let number = text.strip_prefix(HEAD)?.trim_end_matches(['\r', '\n']).strip_suffix(r#""}"#)?;
    let plain = number.len() <= LONGEST && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| FrameId::Text(format!("~{number}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_form_is_a_sign_of_life() {
        for text in [r#"{"type":"ping","id":"~7"}"#, "{\"type\":\"ping\",\"id\":\"~7\"}\r\n"] {
            assert_eq!(id(text), Some(FrameId::Text("~7".into())), "{text:?}");
        }
        for text in [
            r#"{"type":"ping","id":"7"}"#,
            r#"{"type":"ping","id":7}"#,
            r#"{"type":"ping","id":"~7","more":1}"#,
            r#"{"type":"ping","id":"~7","id":"~8"}"#,
            r#"{"type":"ping","id":"~\"}"#,
            r#"{"type": "ping", "id": "~7"}"#,
            r#"{"type":"ping","id":"~012345678901234567890123456789012"}"#,
            r#"{"type":"ping","id":"~"#,
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }
}
