//! The document, part by part.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::{
    close::CloseCode,
    schema::{
        contract::Input,
        declarations::{DEPTH, Declarations, Failures, Frame, Message, Question, Socket, Tags, referred, rename},
    },
};

pub(super) fn document(declarations: &Declarations) -> Value {
    let model = declarations.model();
    let mut parts = Parts { types: Types::new(&model.types), channels: Map::new(), operations: Map::new() };
    for socket in &model.sockets {
        parts.socket(socket);
    }
    let mut info = json!({"title": declarations.title(), "version": declarations.version()});
    describe(&mut info, declarations.about());
    let Parts { types, channels, operations } = parts;
    let schemas = types.names.iter().map(|(name, key)| (key.clone(), types.renamed(types.schemas[*name].clone())));
    let schemas: Map<_, _> = schemas.collect();
    sorted(json!({
        "asyncapi": "3.0.0",
        "info": info,
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas},
    }))
}

/// The same value with its names in their order, whatever order `serde_json` was built to keep.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            fields.into_iter().collect()
        }
        other => other,
    }
}

struct Parts<'a> {
    types: Types<'a>,
    channels: Map<String, Value>,
    operations: Map<String, Value>,
}

/// One consumer while its channel is written.
struct Channel<'a> {
    types: &'a Types<'a>,
    name: String,
    messages: Map<String, Value>,
    operations: Vec<(String, Value)>,
}

impl Parts<'_> {
    fn socket(&mut self, socket: &Socket<'_>) {
        let declaration = socket.declaration;
        let name = free(declaration.consumer, |name| self.channels.contains_key(name));
        let mut channel = Channel { types: &self.types, name, messages: Map::new(), operations: Vec::new() };
        for frame in &socket.frames {
            channel.frame(frame);
        }
        for message in &socket.messages {
            channel.message(message);
        }
        for question in &socket.questions {
            channel.question(question);
        }
        if channel.operations.iter().any(|(_, operation)| operation["action"] == "receive") {
            channel.complaint();
        }
        let Channel { name, messages, operations, .. } = channel;
        let parameters: Map<_, _> = socket
            .params
            .iter()
            .map(|param| {
                let mut parameter = json!({});
                describe(&mut parameter, param.docs);
                if let Some(values) = param.schema.get("enum") {
                    parameter["enum"] = values.clone();
                }
                (param.name.to_owned(), parameter)
            })
            .collect();
        let query = json!({"type": "object", "properties": {
            "_schema": {"type": "string", "description": "The contract that the client was built for, or its hash."},
        }});
        let mut headers = json!({"type": "object"});
        if !declaration.subprotocols.is_empty() {
            headers["properties"] =
                json!({"Sec-WebSocket-Protocol": {"type": "string", "enum": declaration.subprotocols}});
        }
        let mut written = json!({
            "address": declaration.path.replace("{*", "{"),
            "title": declaration.consumer,
            "messages": messages,
            "bindings": {"ws": {"method": "GET", "query": query, "headers": headers, "bindingVersion": "0.1.0"}},
            "x-close-codes": close_codes(socket),
            "x-contract": socket.contract.to_string(),
        });
        describe(&mut written, socket.docs);
        if !parameters.is_empty() {
            written["parameters"] = parameters.into();
        }
        self.channels.insert(name, written);
        self.operations.extend(operations);
    }
}

impl Channel<'_> {
    fn frame(&mut self, frame: &Frame<'_>) {
        let (wire, content) = match frame.input {
            Input::Frame(name) if name.is_empty() => ("frame", None),
            Input::Frame(name) => (&**name, None),
            Input::Text => ("text", Some("text/plain")),
            Input::Bytes => ("bytes", Some("application/octet-stream")),
        };
        let json = content.is_none();
        let mut payload = frame.payload.clone();
        if json {
            let mut own = json!({"id": {"type": ["integer", "string"], "description": "Comes back in the reply."}});
            let mut required = Vec::new();
            if let Input::Frame(name) = frame.input
                && !name.is_empty()
            {
                own["type"] = json!({"const": name});
                required.push("type");
            }
            let own = json!({"type": "object", "properties": own, "required": required});
            payload = if frame.bare { own } else { self.types.with(own, &payload) };
        }
        let mut message = json!({"name": wire, "payload": payload});
        if let Some(content) = content {
            message["contentType"] = content.into();
        } else {
            message["correlationId"] = json!({"location": "$message.payload#/id"});
        }
        let message = self.add(wire, message);
        let mut operation = json!({
            "action": "receive",
            "channel": {"$ref": format!("#/channels/{}", self.name)},
            "messages": [self.reference(&message)],
        });
        describe(&mut operation, frame.docs);
        if json {
            let reply = self.add(
                &format!("{wire}.reply"),
                json!({
                    "name": "reply",
                    "title": format!("The reply to {wire}"),
                    "payload": reply(frame),
                    "correlationId": {"location": "$message.payload#/id"},
                }),
            );
            operation["reply"] = json!({
                "channel": {"$ref": format!("#/channels/{}", self.name)},
                "messages": [self.reference(&reply)],
            });
        }
        self.operation("receive", wire, operation);
    }

    fn message(&mut self, message: &Message<'_>) {
        let wire = match &message.tags {
            Tags::Known(tags) if tags.len() == 1 => &tags[0],
            _ => message.name,
        };
        let added = self.add(wire, json!({"name": wire, "payload": self.types.event(&message.schema)}));
        let mut operation = self.sending(&added);
        describe(&mut operation, message.docs);
        self.operation("send", wire, operation);
    }

    fn question(&mut self, question: &Question<'_>) {
        let payload = json!({
            "type": "object",
            "properties": {"type": {"const": "ask"}, "id": {"type": "string"}, "question": self.types.event(&question.schema)},
            "required": ["type", "id", "question"],
        });
        let added = self.add(
            question.name,
            json!({
                "name": "ask",
                "title": format!("The question {}", question.name),
                "payload": payload,
                "correlationId": {"location": "$message.payload#/id"},
            }),
        );
        let answer = self.add(
            &format!("{}.answer", question.name),
            json!({
                "name": "reply",
                "title": format!("The answer to {}", question.name),
                "payload": either(&question.answer, &[failure(json!({"type": "string"}), Some(Value::Bool(true)), "")]),
                "correlationId": {"location": "$message.payload#/id"},
            }),
        );
        let mut operation = self.sending(&added);
        operation["reply"] = json!({
            "channel": {"$ref": format!("#/channels/{}", self.name)},
            "messages": [self.reference(&answer)],
        });
        self.operation("ask", question.name, operation);
    }

    /// What is told of a frame without an `id` that goes wrong.
    fn complaint(&mut self) {
        let payload = json!({"allOf": [
            {"type": "object", "properties": {"type": {"const": "error"}}, "required": ["type"]},
            failure(json!({"type": "string"}), Some(Value::Bool(true)), ""),
        ]});
        let added = self.add("error", json!({"name": "error", "payload": payload}));
        let mut operation = self.sending(&added);
        describe(&mut operation, "What went wrong with a frame that has no `id`.");
        self.operation("send", "error", operation);
    }

    fn sending(&self, message: &str) -> Value {
        json!({
            "action": "send",
            "channel": {"$ref": format!("#/channels/{}", self.name)},
            "messages": [self.reference(message)],
        })
    }

    /// Adds a message, under a name that it is the first to have.
    fn add(&mut self, name: &str, mut message: Value) -> String {
        let name = free(name, |name| self.messages.contains_key(name));
        message["payload"] = self.types.renamed(message["payload"].take());
        self.messages.insert(name.clone(), message);
        name
    }

    fn operation(&mut self, verb: &str, wire: &str, operation: Value) {
        let name = format!("{}.{verb}.{wire}", self.name);
        let name = free(&name, |name| self.operations.iter().any(|(known, _)| known == name));
        self.operations.push((name, operation));
    }

    fn reference(&self, message: &str) -> Value {
        json!({"$ref": format!("#/channels/{}/messages/{message}", self.name)})
    }
}

/// What the server itself may say of any frame.
const OWN_CODES: [&str; 5] = ["bad_frame", "unknown_type", "unexpected", "timeout", "internal"];

fn reply(frame: &Frame<'_>) -> Value {
    let null = json!({"type": "null"});
    let own = failure(json!({"type": "string", "enum": OWN_CODES}), Some(Value::Bool(true)), "");
    let errors: Vec<_> = match &frame.failures {
        Failures::Never => vec![own],
        Failures::Somehow => vec![failure(json!({"type": "string"}), Some(Value::Bool(true)), "")],
        Failures::With { codes, .. } => codes
            .iter()
            .map(|code| failure(json!({"const": code.code}), code.data.clone(), code.docs))
            .chain([own])
            .collect(),
    };
    either(frame.reply.as_ref().unwrap_or(&null), &errors)
}

/// A reply: a value, or one of these errors.
fn either(value: &Value, errors: &[Value]) -> Value {
    let id = json!({"type": ["integer", "string"]});
    let error = if let [one] = errors { one.clone() } else { json!({"anyOf": errors}) };
    json!({
        "type": "object",
        "properties": {"type": {"const": "reply"}, "id": id},
        "required": ["type"],
        "oneOf": [
            {"properties": {"ok": value}, "required": ["ok"]},
            {"properties": {"error": error}, "required": ["error"]},
        ],
    })
}

fn failure(code: Value, data: Option<Value>, docs: &str) -> Value {
    let mut properties = json!({"code": code, "message": {"type": "string"}});
    let mut required = vec!["code", "message"];
    if let Some(data) = data {
        if data != Value::Bool(true) {
            required.push("data");
        }
        properties["data"] = data;
    }
    let mut failure = json!({"type": "object", "properties": properties, "required": required});
    describe(&mut failure, docs);
    failure
}

/// The close codes and what they mean: those of any consumer, and the application's own.
fn close_codes(socket: &Socket<'_>) -> Value {
    const KNOWN: [(CloseCode, &str); 9] = [
        (CloseCode::NORMAL, "The application is done."),
        (CloseCode::PROTOCOL_ERROR, "The client broke the protocol."),
        (CloseCode::INVALID_PAYLOAD, "A text was not UTF-8."),
        (CloseCode::POLICY_VIOLATION, "The client broke a policy."),
        (CloseCode::TOO_BIG, "A message was too large."),
        (CloseCode::INTERNAL_ERROR, "A handler panicked."),
        (CloseCode::RESTARTING, "The server restarts; the reason says when to come back."),
        (CloseCode::TRY_AGAIN_LATER, "The client reads too slowly."),
        (CloseCode::SESSION_EXPIRED, "The connection's time is over."),
    ];
    let known = KNOWN.iter().map(|(code, why)| (code.get(), *why));
    let ours = [(crate::schema::CLOSE_CODE.get(), "The client was built for another contract.")];
    let all = known.chain(ours).chain(socket.closes.iter().copied());
    all.map(|(code, why)| (code.to_string(), Value::from(why))).collect::<Map<_, _>>().into()
}

fn describe(part: &mut Value, docs: &str) {
    if !docs.is_empty() {
        part["description"] = docs.into();
    }
}

/// A name as a key of the document's components, which none of them has yet.
fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let mut name: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    while taken(&name) {
        name.push('_');
    }
    name
}

/// The types that have a name, with the names that they have here.
struct Types<'a> {
    schemas: &'a BTreeMap<String, Value>,
    names: BTreeMap<&'a str, String>,
}

impl<'a> Types<'a> {
    fn new(schemas: &'a BTreeMap<String, Value>) -> Self {
        let (mut names, mut taken) = (BTreeMap::new(), BTreeSet::new());
        for name in schemas.keys() {
            let free = free(name, |name| taken.contains(name));
            taken.insert(free.clone());
            names.insert(&**name, free);
        }
        Self { schemas, names }
    }

    /// The same schema, whose references have these names.
    fn renamed(&self, mut schema: Value) -> Value {
        rename(&mut schema, &|name| self.names.get(name).cloned());
        schema
    }

    /// What a schema says of an object that has fields beside those that it knows: a `type` and an `id`.
    fn open(&self, schema: &Value, depth: usize) -> Value {
        let known = referred(schema).and_then(|name| self.schemas.get(name)).unwrap_or(schema);
        let (Some(depth), Value::Object(fields)) = (depth.checked_sub(1), known) else { return schema.clone() };
        let mut open = fields.clone();
        if fields.get("additionalProperties") == Some(&Value::Bool(false)) {
            open.remove("additionalProperties");
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            if let Some(Value::Array(parts)) = fields.get(key) {
                open.insert(key.to_owned(), parts.iter().map(|part| self.open(part, depth)).collect());
            }
        }
        // By its name, where that says the same.
        if open == *fields { schema.clone() } else { open.into() }
    }

    /// What the server sends, where an event has its name beside its fields.
    fn event(&self, schema: &Value) -> Value {
        if schema.get("allOf").is_some() { self.open(schema, DEPTH) } else { schema.clone() }
    }

    /// An object with these fields of the frame's own beside those of the payload.
    fn with(&self, own: Value, payload: &Value) -> Value {
        json!({"allOf": [own, self.open(payload, DEPTH)]})
    }
}
