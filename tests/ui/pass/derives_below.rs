//! The user's own derives and serde attributes below `#[event]`.

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[event("a.both")]
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Both {
    long_name: String,
    #[serde(default, rename = "kind")]
    r#type: Option<u8>,
}

#[event("a.one")]
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct One {
    long_name: String,
}

#[event("a.none")]
#[derive(Debug, Clone, PartialEq)]
#[serde(default)]
struct None {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<u8>,
}

impl Default for None {
    fn default() -> Self {
        Self { values: vec![1] }
    }
}

#[event("a.conditional")]
#[cfg_attr(all(), derive(Serialize, Deserialize))]
struct Conditional {
    inner: Inner,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, u8>,
}

#[derive(Serialize, Deserialize)]
struct Inner;

#[event("a.empty")]
struct Empty {}

#[event("a.unit")]
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit;

fn text(event: impl Event) -> String {
    serde_json::to_string(&event).unwrap()
}

fn main() {
    assert_eq!(text(Both { long_name: "x".into(), r#type: None }), r#"{"type":"a.both","longName":"x","kind":null}"#);
    assert_eq!(text(One { long_name: "x".into() }), r#"{"type":"a.one","longName":"x"}"#);
    assert_eq!(text(None { values: vec![] }), r#"{"type":"a.none"}"#);
    let rest = [("n".to_owned(), 1)].into();
    assert_eq!(text(Conditional { inner: Inner, rest }), r#"{"type":"a.conditional","inner":null,"n":1}"#);
    assert_eq!(text(Empty {}), r#"{"type":"a.empty"}"#);
    assert_eq!(text(Unit), r#"{"type":"a.unit"}"#);
    assert_eq!(serde_json::from_str::<Unit>(r#"{"type":"a.unit","x":[1]}"#).unwrap(), Unit);
    assert_eq!(serde_json::from_str::<None>(r#"{"type":"a.none"}"#).unwrap(), None { values: vec![1] });
    assert_eq!(serde_json::from_str::<One>(r#"{"type":"a.one","longName":"y"}"#).unwrap().long_name, "y");
}
