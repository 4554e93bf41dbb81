//! The runtime's own frames: replies and errors.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{codec, decode::FrameId};

#[derive(Serialize)]
struct Reply<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a FrameId>,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Body<'a> {
    Ok(Option<&'a RawValue>),
    Error(Fault<'a>),
}

#[derive(Serialize)]
struct ErrorFrame<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    fault: Fault<'a>,
}

/// What a client is told about an error.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Fault<'a> {
    pub(super) code: &'a str,
    pub(super) message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<&'a serde_json::Value>,
}

/// `{"type": "reply", "id": 7, "ok": ..}`
pub(super) fn reply(id: Option<&FrameId>, value: Option<&RawValue>) -> Vec<u8> {
    frame(&Reply { r#type: "reply", id, body: Body::Ok(value) })
}

/// The reply to a frame with an `id`, `{"type": "reply", "id": 7, "error": {..}}`; an error frame to one without.
pub(super) fn fault(id: Option<&FrameId>, fault: Fault<'_>) -> Vec<u8> {
    match id {
        Some(id) => frame(&Reply { r#type: "reply", id: Some(id), body: Body::Error(fault) }),
        None => frame(&ErrorFrame { r#type: "error", fault }),
    }
}

/// Strings, numbers and values that serde_json has made itself: their serialisation has no way to fail.
fn frame<T: Serialize>(value: &T) -> Vec<u8> {
    codec::text_with(|buffer| serde_json::to_writer(buffer, value)).unwrap_or_else(|_| {
        codec::text(r#"{"type":"error","code":"internal","message":"an answer could not be written"}"#)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(frame: &[u8]) -> Value {
        serde_json::from_slice(&frame[2..]).unwrap()
    }

    #[test]
    fn frames_are_those_of_the_protocol() {
        let id = FrameId::Unsigned(7);
        let raw = RawValue::from_string("[1]".into()).unwrap();
        assert_eq!(read(&reply(Some(&id), Some(&raw))), json!({"type": "reply", "id": 7, "ok": [1]}));
        assert_eq!(read(&reply(Some(&id), None)), json!({"type": "reply", "id": 7, "ok": null}));
        let no = Fault { code: "nope", message: "no", data: None };
        assert_eq!(read(&fault(None, no)), json!({"type": "error", "code": "nope", "message": "no"}));
        let error = json!({"code": "nope", "message": "no"});
        assert_eq!(read(&fault(Some(&id), no)), json!({"type": "reply", "id": 7, "error": error}));
    }
}
