//! How frames of the server look as Server-Sent Events (WHATWG HTML §9.2).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

/// A line that clients pass over.
pub(super) const COMMENT: &str = ":\n\n";

/// What the stream begins with.
#[derive(Serialize)]
struct Open<'a> {
    session: &'a str,
    subprotocol: Option<&'a str>,
}

#[derive(Serialize)]
struct Close<'a> {
    code: u16,
    reason: &'a str,
}

/// The first event.
pub(super) fn open(session: &str, subprotocol: Option<&str>) -> String {
    let mut out = String::new();
    named(&mut out, "open", &json(&Open { session, subprotocol }));
    out
}

/// The last event.
pub(super) fn close(out: &mut String, code: u16, reason: &str) {
    named(out, "close", &json(&Close { code, reason }));
}

/// A text message: a line of it is a line of data. An event cannot hold a CR, which ends a line as LF does, so that a text
/// with one comes as a JSON string.
pub(super) fn text(out: &mut String, text: &str) {
    if text.contains('\r') {
        return named(out, "quoted", &json(text));
    }
    for line in text.split('\n') {
        out.push_str("data: ");
        out.push_str(line);
        out.push('\n');
    }
    out.push('\n');
}

/// A binary message.
pub(super) fn bytes(out: &mut String, bytes: &[u8]) {
    out.push_str("event: bytes\ndata: ");
    STANDARD.encode_string(bytes, out);
    out.push_str("\n\n");
}

fn named(out: &mut String, name: &str, line: &str) {
    for part in ["event: ", name, "\ndata: ", line, "\n\n"] {
        out.push_str(part);
    }
}

/// Numbers and texts, whose serialisation has no way to fail.
fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn frames_are_those_of_the_protocol() {
        assert_eq!(open("abc", None), "event: open\ndata: {\"session\":\"abc\",\"subprotocol\":null}\n\n");
        assert_eq!(open("abc", Some("v1")), "event: open\ndata: {\"session\":\"abc\",\"subprotocol\":\"v1\"}\n\n");
        assert_eq!(written(|out| text(out, "{}")), "data: {}\n\n");
        assert_eq!(written(|out| text(out, "")), "data: \n\n");
        assert_eq!(written(|out| text(out, " a\n\nb\n")), "data:  a\ndata: \ndata: b\ndata: \n\n");
        assert_eq!(written(|out| text(out, "a\r\nb")), "event: quoted\ndata: \"a\\r\\nb\"\n\n");
        assert_eq!(written(|out| bytes(out, &[0, 255])), "event: bytes\ndata: AP8=\n\n");
        let bye = written(|out| close(out, 1012, "a \"b\"\r\n"));
        assert_eq!(bye, "event: close\ndata: {\"code\":1012,\"reason\":\"a \\\"b\\\"\\r\\n\"}\n\n");
    }
}
