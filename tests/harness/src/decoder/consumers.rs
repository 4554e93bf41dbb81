//! Consumers with payloads of many kinds, whose handlers give back what they were given.

use std::collections::BTreeMap;

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Fields of several types, some of which may be missing.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Many {
    count: u32,
    #[serde(default)]
    list: Vec<i8>,
    name: Option<String>,
    #[serde(default)]
    inner: BTreeMap<String, (bool, char)>,
}

/// Takes no field that it does not know.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Strict {
    colour_of: Colour,
    nested: Option<Box<Strict>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
    Mixed { red: u8, green: u8 },
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Nothing;

/// Of several forms, which serde reads into memory first.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub(super) enum Either {
    One { one: i64 },
    Two { two: String, id: Option<u8> },
}

#[consumer("/typed/", group = "harness")]
pub(super) struct Typed {}

#[consumer]
impl Typed {
    #[receive("a.many")]
    async fn many(&mut self, many: Many) -> Many {
        many
    }

    #[receive("a.strict")]
    async fn strict(&mut self, strict: Strict) -> Strict {
        strict
    }

    #[receive("a.nothing")]
    async fn nothing(&mut self, nothing: Nothing) -> Nothing {
        nothing
    }

    #[receive("any")]
    async fn any(&mut self, value: Value) -> Value {
        value
    }

    #[receive("either")]
    async fn either(&mut self, either: Either) -> Either {
        either
    }

    #[event("e.flat")]
    async fn flat(&mut self, event: &Flat, context: &mut Context<Self>) -> Result {
        context.send_json(event).await
    }

    #[event("e_empty")]
    async fn empty(&mut self, event: &Empty, context: &mut Context<Self>) -> Result {
        context.send_json(event).await
    }
}

/// Every event of [`Typed`].
pub(super) type Events = <Typed as Consumer>::Event;

#[event("e.flat")]
#[derive(Clone, Debug)]
pub(super) struct Flat {
    id: Option<i32>,
    text: String,
    #[serde(default)]
    list: Vec<Option<bool>>,
}

#[event("e_empty")]
#[derive(Clone, Debug)]
pub(super) struct Empty;

#[consumer("/nameless/")]
pub(super) struct Nameless {}

#[consumer]
impl Nameless {
    #[receive]
    async fn receive(&mut self, value: Value) -> Value {
        value
    }
}

#[consumer("/form/")]
pub(super) struct Form {}

#[consumer]
impl Form {
    #[receive]
    async fn receive(&mut self, many: Many) -> Many {
        many
    }
}

#[consumer("/both/")]
pub(super) struct Both {}

#[consumer]
impl Both {
    #[receive("a")]
    async fn many(&mut self, many: Many) -> Many {
        many
    }

    #[receive]
    async fn other(&mut self, either: Either) -> Either {
        either
    }
}

/// What serde_json alone makes of a payload.
pub(super) type Read = fn(&str) -> Option<Value>;

/// A consumer as the model knows it.
pub(super) struct Endpoint {
    pub(super) path: &'static str,
    /// The payload of each type.
    pub(super) names: &'static [(&'static str, Read)],
    /// The payload of a frame without a type.
    pub(super) nameless: Option<Read>,
}

pub(super) const FRAMES: [Endpoint; 4] = [
    Endpoint {
        path: "/typed/",
        names: &[
            ("a.many", read::<Many>),
            ("a.strict", read::<Strict>),
            ("a.nothing", unit),
            ("any", read::<Value>),
            ("either", read::<Either>),
        ],
        nameless: None,
    },
    Endpoint { path: "/nameless/", names: &[], nameless: Some(read::<Value>) },
    Endpoint { path: "/form/", names: &[], nameless: Some(read::<Many>) },
    Endpoint { path: "/both/", names: &[("a", read::<Many>)], nameless: Some(read::<Either>) },
];

/// The events of [`Typed`] by their names.
pub(super) const EVENTS: [(&str, Read); 2] = [("e.flat", read::<Flat>), ("e_empty", nothing)];

fn read<T: DeserializeOwned + Serialize>(text: &str) -> Option<Value> {
    let payload = serde_json::from_str::<T>(text).ok()?;
    // Twice, as what the client gets is: serde_json's numbers are not exact to the last digit.
    let sent = serde_json::to_string(&payload).expect("a payload");
    Some(serde_json::from_str(&sent).expect("what was just written"))
}

/// A unit struct takes an object, whose fields it ignores, and is `null` in a reply.
fn unit(text: &str) -> Option<Value> {
    nothing(text).map(|_| Value::Null)
}

/// An event without fields is its name.
fn nothing(text: &str) -> Option<Value> {
    let fields = serde_json::from_str::<BTreeMap<String, serde::de::IgnoredAny>>(text);
    fields.is_ok().then(|| json!({}))
}
