//! From what generated code lists to the model.

use std::collections::BTreeMap;

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use super::{
    Listed,
    model::{
        Code, DEPTH, Failures, Frame, Message, Model, Param, Question, Socket, TYPES, Tags, parts, referred, rename,
    },
    unify,
};
use crate::schema::{
    contract::Input,
    describe::{Describe, decoded},
    listing::{Data, ErrorCodes, Fails, Known, ListedFrame, ListedSend, Source},
};

/// Describes the types of both directions.
struct Describer {
    taken: SchemaGenerator,
    given: SchemaGenerator,
    undescribed: Vec<String>,
}

/// A direction.
#[derive(Clone, Copy)]
enum Way {
    Taken,
    Given,
}

pub(super) fn model(listed: &[Listed]) -> Model<'_> {
    let settings = || {
        let mut settings = SchemaSettings::draft07();
        settings.definitions_path = TYPES.into();
        settings
    };
    let mut describer = Describer {
        taken: settings().for_deserialize().into_generator(),
        given: settings().for_serialize().into_generator(),
        undescribed: Vec::new(),
    };
    let mut sockets: Vec<_> = listed.iter().map(|listed| describer.socket(listed)).collect();
    let Describer { mut taken, mut given, undescribed } = describer;
    let [taken, given] = [&mut taken, &mut given].map(|generator| {
        let mut types = generator.take_definitions(true);
        types.values_mut().for_each(decode);
        types
    });
    let types = unify::types(taken, given, &mut sockets);
    for message in sockets.iter_mut().flat_map(|socket| &mut socket.messages) {
        if message.tags == Tags::None {
            message.tags = match tags(&message.schema, &types, DEPTH) {
                Some(tags) => Tags::Known(tags),
                None if may_have_type(&message.schema, &types, DEPTH) => Tags::Any,
                None => Tags::None,
            };
        }
    }
    Model { sockets, types, undescribed }
}

impl Describer {
    fn socket<'a>(&mut self, listed: &'a Listed) -> Socket<'a> {
        let Listed { declaration, builder, contract } = listed;
        let consumer = declaration.consumer;
        let params = declaration.params.iter().map(|name| {
            let param = builder.params.iter().find(|param| param.name == *name);
            // A path's value is text, whatever becomes of it.
            let text = || json!({"type": "string"});
            let schema = param.and_then(|param| param.known.describe);
            Param {
                name,
                docs: param.map_or("", |param| param.docs),
                schema: schema.map_or_else(text, |known| self.schema(Way::Taken, known)),
            }
        });
        let params = params.collect();
        let frames = builder.frames.iter().map(|frame| self.frame(consumer, frame)).collect();
        let is_question = |send: &&ListedSend| send.source == Source::List && (send.value.asks)();
        let questions = builder.sends.iter().filter(is_question).map(|send| self.question(consumer, send)).collect();
        let messages = builder.sends.iter().filter(|send| !is_question(send));
        let messages = messages.map(|send| self.message(consumer, send)).collect();
        let closes = &builder.closes;
        Socket { declaration, contract, docs: builder.docs, params, frames, messages, questions, closes }
    }

    fn frame<'a>(&mut self, consumer: &str, frame: &'a ListedFrame) -> Frame<'a> {
        let what = match &frame.input {
            Input::Frame(name) if name.is_empty() => "the frame without a type".to_owned(),
            Input::Frame(name) => format!("the frame `{name}`"),
            Input::Text => "text frames".to_owned(),
            Input::Bytes => "binary frames".to_owned(),
        };
        let payload = match frame.input {
            Input::Frame(_) => self.known(Way::Taken, frame.payload, || format!("{consumer}: {what}")),
            Input::Text => json!({"type": "string"}),
            Input::Bytes => json!({"type": "string", "format": "binary"}),
        };
        let reply = frame.reply;
        let reply = reply.map(|known| self.known(Way::Given, known, || format!("{consumer}: the reply to {what}")));
        let bare = is_bare(&payload, self.taken.definitions());
        let failures = match frame.fails {
            Fails::Never => Failures::Never,
            Fails::Somehow => Failures::Somehow,
            Fails::With { name, codes } => Failures::With { name, codes: self.codes(name, codes) },
        };
        Frame { input: &frame.input, method: frame.method, docs: frame.docs, payload, bare, reply, failures }
    }

    fn codes(&mut self, error: &str, list: fn(&mut ErrorCodes)) -> Vec<Code<'static>> {
        let mut codes = ErrorCodes::default();
        list(&mut codes);
        let code = |code: crate::schema::listing::ListedCode| {
            let data = match code.data {
                Data::Any => Some(Value::Bool(true)),
                Data::Fields(fields) if fields.is_empty() => None,
                Data::Fields(fields) => {
                    let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
                    let described = fields.iter().map(|(name, known)| {
                        let schema = self
                            .known(Way::Given, *known, || format!("{error}: the field `{name}` of `{}`", code.code));
                        ((*name).to_owned(), schema)
                    });
                    let properties: serde_json::Map<_, _> = described.collect();
                    Some(json!({"type": "object", "properties": properties, "required": names}))
                }
            };
            Code { code: code.code, docs: code.docs, data }
        };
        codes.codes.into_iter().map(code).collect()
    }

    fn message<'a>(&mut self, consumer: &str, send: &'a ListedSend) -> Message<'a> {
        let what = match send.source {
            Source::Handler => format!("{consumer}: what the handler of `{}` returns", send.name),
            Source::List => format!("{consumer}: `{}` of `sends(..)`", send.name),
        };
        let schema = self.event(send.value, what);
        let event = send.value.event;
        let tags = if event.is_empty() { Tags::None } else { Tags::Known(vec![event.to_owned()]) };
        Message { name: send.name, docs: send.docs, schema, tags }
    }

    fn question<'a>(&mut self, consumer: &str, send: &'a ListedSend) -> Question<'a> {
        let schema = self.event(send.value, format!("{consumer}: the question `{}`", send.name));
        let answer = match send.value.answer {
            Some(known) => self.schema(Way::Taken, known),
            None => {
                self.undescribed.push(format!("{consumer}: the answer to `{}`", send.name));
                Value::Bool(true)
            }
        };
        Question { name: send.value.event, schema, answer }
    }

    /// What the server sends, with the name that an event has as a field.
    fn event(&mut self, value: Known, what: String) -> Value {
        let schema = self.known(Way::Given, value, || what);
        if value.event.is_empty() {
            return schema;
        }
        let tag = json!({"type": "object", "properties": {"type": {"const": value.event}}, "required": ["type"]});
        match is_bare(&schema, self.given.definitions()) {
            true => tag,
            false => json!({"allOf": [tag, schema]}),
        }
    }

    fn known(&mut self, way: Way, known: Known, what: impl FnOnce() -> String) -> Value {
        match known.describe {
            Some(describe) => self.schema(way, describe),
            None => {
                self.undescribed.push(what());
                Value::Bool(true)
            }
        }
    }

    fn schema(&mut self, way: Way, describe: Describe) -> Value {
        let generator = match way {
            Way::Taken => &mut self.taken,
            Way::Given => &mut self.given,
        };
        let mut schema = (describe.named)(generator);
        for transform in generator.transforms_mut() {
            transform.transform(&mut schema);
        }
        let mut schema = schema.to_value();
        decode(&mut schema);
        schema
    }
}

/// Writes names in references as they are: schemars encodes them as a part of a URL.
fn decode(schema: &mut Value) {
    rename(schema, &|name| Some(decoded(name)));
}

type Definitions = serde_json::Map<String, Value>;

/// Whether a payload has no field at all.
fn is_bare(schema: &Value, definitions: &Definitions) -> bool {
    if let Some(name) = referred(schema) {
        return definitions.get(name).is_some_and(|schema| is_bare(schema, &Definitions::new()));
    }
    let Some(object) = schema.as_object() else { return false };
    let says = |key: &str| object.contains_key(key);
    let kind = object.get("type").and_then(Value::as_str);
    let more = ["properties", "patternProperties", "allOf", "oneOf", "anyOf", "enum", "const"];
    let closed = object.get("additionalProperties").is_none_or(|others| *others == Value::Bool(false));
    kind == Some("null") || (kind == Some("object") && closed && !more.iter().any(|key| says(key)))
}

type Types = BTreeMap<String, Value>;

/// The `type`s that values of this schema have, one of which is always there.
fn tags(schema: &Value, types: &Types, depth: usize) -> Option<Vec<String>> {
    let depth = depth.checked_sub(1)?;
    let tags = |schema: &Value| self::tags(schema, types, depth);
    if let Some(name) = referred(schema) {
        return tags(types.get(name)?);
    }
    let list = |key: &str| schema.get(key).and_then(Value::as_array);
    let required = list("required").is_some_and(|required| required.iter().any(|name| name == "type"));
    if required && let Some(tag) = schema.pointer("/properties/type/const").and_then(Value::as_str) {
        return Some(vec![tag.to_owned()]);
    }
    if let Some(found) = list("allOf").and_then(|parts| parts.iter().find_map(tags)) {
        return Some(found);
    }
    let alternatives = list("oneOf").or_else(|| list("anyOf"))?;
    let all: Option<Vec<_>> = alternatives.iter().map(tags).collect();
    all.map(|all| all.concat()).filter(|all| !all.is_empty())
}

/// Whether a value of this schema may have a field `type`, whatever stands there.
fn may_have_type(schema: &Value, types: &Types, depth: usize) -> bool {
    let (Some(depth), Some(object)) = (depth.checked_sub(1), schema.as_object()) else {
        return *schema != Value::Bool(false);
    };
    if let Some(name) = referred(schema) {
        return types.get(name).is_none_or(|schema| may_have_type(schema, types, depth));
    }
    schema.pointer("/properties/type").is_some()
        || object.contains_key("patternProperties")
        || object.get("additionalProperties").is_some_and(|others| *others != Value::Bool(false))
        || !["type", "enum", "const", "allOf", "oneOf", "anyOf"].iter().any(|key| object.contains_key(*key))
        || parts(schema).any(|part| may_have_type(part, types, depth))
}
