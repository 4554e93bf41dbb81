//! What is declared, with the JSON Schema (draft 7) of each type.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    consumer::Declaration,
    schema::contract::{Contract, Input},
};

/// Where references to types point to: `#/components/schemas/Name`.
pub(super) const TYPES: &str = "/components/schemas";

/// How many references and alternatives are followed.
pub(crate) const DEPTH: usize = 32;

/// Everything that is declared.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    pub(crate) sockets: Vec<Socket<'a>>,
    /// The types that have a name, by it.
    pub(crate) types: BTreeMap<String, Value>,
    /// What nobody describes.
    pub(crate) undescribed: Vec<String>,
}

/// One consumer.
#[derive(Debug)]
pub(crate) struct Socket<'a> {
    pub(crate) declaration: &'a Declaration,
    pub(crate) contract: &'a Contract,
    pub(crate) docs: &'a str,
    pub(crate) params: Vec<Param<'a>>,
    pub(crate) frames: Vec<Frame<'a>>,
    pub(crate) messages: Vec<Message<'a>>,
    pub(crate) questions: Vec<Question<'a>>,
    /// The application's own close codes, with what they mean.
    pub(crate) closes: &'a [(u16, &'static str)],
}

/// A path parameter.
#[derive(Debug)]
pub(crate) struct Param<'a> {
    pub(crate) name: &'a str,
    pub(crate) docs: &'a str,
    pub(crate) schema: Value,
}

/// What a client may send.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) input: &'a Input,
    pub(crate) method: &'a str,
    pub(crate) docs: &'a str,
    /// Without `type` and `id`.
    pub(crate) payload: Value,
    /// Whether the payload has no field at all.
    pub(crate) bare: bool,
    /// What answers it; `None` for `null`.
    pub(crate) reply: Option<Value>,
    pub(crate) failures: Failures<'a>,
}

/// How a frame may fail besides what the server itself says of any frame.
#[derive(Debug)]
pub(crate) enum Failures<'a> {
    Never,
    Somehow,
    With { name: &'a str, codes: Vec<Code<'a>> },
}

/// One code of an error.
#[derive(Debug, PartialEq)]
pub(crate) struct Code<'a> {
    pub(crate) code: &'a str,
    pub(crate) docs: &'a str,
    /// What comes with it; `None` when nothing does.
    pub(crate) data: Option<Value>,
}

/// What the server sends by its own.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    /// The event or the type.
    pub(crate) name: &'a str,
    pub(crate) docs: &'a str,
    pub(crate) schema: Value,
    pub(crate) tags: Tags,
}

/// Which `type` a value has on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tags {
    /// One of these.
    Known(Vec<String>),
    /// None.
    None,
    /// Any, or nobody knows.
    Any,
}

/// What the server may ask the client.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    /// The event.
    pub(crate) name: &'a str,
    pub(crate) schema: Value,
    pub(crate) answer: Value,
}

/// The types of the runtime's own frames. No event is called so; an enum of messages might be.
const OWN_TYPES: [&str; 3] = ["ask", "error", "reply"];

impl Model<'_> {
    /// The frames whose payload has a field that is the frame's own, and the messages that look like the runtime's own.
    pub(crate) fn objections(&self) -> Vec<String> {
        let mut objections = Vec::new();
        for socket in &self.sockets {
            for frame in &socket.frames {
                let Input::Frame(name) = frame.input else { continue };
                let own: &[&str] = if name.is_empty() { &["id"] } else { &["id", "type"] };
                for field in own.iter().filter(|field| self.has_field(&frame.payload, field, DEPTH)) {
                    let consumer = socket.declaration.consumer;
                    let frame = if name.is_empty() {
                        "the frame without a type".to_owned()
                    } else {
                        format!("the frame `{name}`")
                    };
                    objections.push(format!(
                        "{consumer}: {frame} has a field `{field}`, which is the frame's own and never reaches the payload; give it another name"
                    ));
                }
            }
            for message in &socket.messages {
                let Tags::Known(tags) = &message.tags else { continue };
                for tag in tags.iter().filter(|tag| OWN_TYPES.contains(&&***tag)) {
                    let (consumer, name) = (socket.declaration.consumer, message.name);
                    objections.push(format!(
                        "{consumer}: `{name}` is sent with the type `{tag}`, which is that of a frame of the runtime's own; give it another name"
                    ));
                }
            }
        }
        objections
    }

    fn has_field(&self, schema: &Value, field: &str, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        if let Some(name) = referred(schema) {
            return self.types.get(name).is_some_and(|schema| self.has_field(schema, field, depth));
        }
        schema.get("properties").is_some_and(|properties| properties.get(field).is_some())
            || parts(schema).any(|part| self.has_field(part, field, depth))
    }
}

/// What a schema consists of, and its alternatives.
pub(super) fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "oneOf", "anyOf"].iter().filter_map(|key| schema.get(key)?.as_array()).flatten()
}

/// The name in a reference.
pub(crate) fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix('#')?.strip_prefix(TYPES)?.strip_prefix('/')
}

/// Gives the references in a schema other names, where there is one.
pub(crate) fn rename(schema: &mut Value, renamed: &impl Fn(&str) -> Option<String>) {
    if let Some(name) = referred(schema).and_then(renamed) {
        schema["$ref"] = format!("#{TYPES}/{name}").into();
    }
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, renamed)),
        Value::Object(fields) => fields.values_mut().for_each(|value| rename(value, renamed)),
        _ => {}
    }
}
