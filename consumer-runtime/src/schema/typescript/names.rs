//! Names in TypeScript.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::declarations::{Failures, Model};

/// What a generated module may not call its types: what it imports, and what every program expects to mean
/// something else.
const RESERVED: &[&str] = &[
    "AnyError",
    "Array",
    "Connection",
    "Date",
    "Endpoint",
    "Error",
    "Extract",
    "Function",
    "Map",
    "Number",
    "Object",
    "Promise",
    "Record",
    "Reply",
    "RequestOptions",
    "Set",
    "Shape",
    "String",
    "Symbol",
    "define",
    "undefined",
];

/// What a connection has by itself, so that no method may be called so.
const MEMBERS: &[&str] = &[
    "answer",
    "close",
    "closed",
    "constructor",
    "keep",
    "on",
    "onBytes",
    "onError",
    "onStatus",
    "onText",
    "request",
    "retryNow",
    "send",
    "sendBytes",
    "sendText",
    "status",
    "then",
    "toString",
    "valueOf",
];

/// The names of one module.
#[derive(Debug)]
pub(super) struct Names {
    types: BTreeMap<String, String>,
    sockets: Vec<String>,
    errors: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn new(model: &Model<'_>) -> Self {
        let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
        let mut free = |wanted: String| {
            let mut name = wanted;
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            name
        };
        let sockets = model.sockets.iter().map(|socket| {
            let name = socket.declaration.consumer;
            let short = name.strip_suffix("Consumer").filter(|short| !short.is_empty()).unwrap_or(name);
            // A type of that name was there first.
            if model.types.contains_key(short) { name } else { short }
        });
        let sockets: Vec<_> = sockets.collect();
        let sockets = sockets
            .into_iter()
            .map(|name| {
                free(format!("{name}Shape"));
                free(identifier(name))
            })
            .collect();
        let types = model.types.keys().map(|name| (name.clone(), free(identifier(name)))).collect();
        let frames = model.sockets.iter().flat_map(|socket| &socket.frames);
        let mut errors = BTreeMap::new();
        for frame in frames {
            if let Failures::With { name, .. } = &frame.failures
                && !errors.contains_key(*name)
            {
                errors.insert((*name).to_owned(), free(identifier(name)));
            }
        }
        Self { types, sockets, errors }
    }

    pub(super) fn ty<'a>(&'a self, name: &'a str) -> &'a str {
        self.types.get(name).map_or("unknown", |name| name)
    }

    pub(super) fn error<'a>(&'a self, name: &'a str) -> &'a str {
        self.errors.get(name).map_or("unknown", |name| name)
    }

    pub(super) fn sockets(&self) -> &[String] {
        &self.sockets
    }
}

/// A name as an identifier: that of an event, `note.added`, is `NoteAdded`.
fn identifier(name: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut text =
        if name.chars().all(is_part) { name.to_owned() } else { name.split(|c| !is_part(c)).map(capital).collect() };
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        text.insert(0, '_');
    }
    text
}

/// The word with a capital letter first.
fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// A handler's name as a method: `add_note` is `addNote`.
pub(super) fn method(name: &str) -> String {
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("_").to_owned();
    let mut text = words.map(capital).fold(first, |text, word| text + &word);
    if MEMBERS.contains(&&*text) {
        text.push('_');
    }
    text
}

/// A field's name, in quotes where TypeScript wants them.
pub(super) fn key(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$');
    if plain { name.to_owned() } else { text(name) }
}

/// A string literal.
pub(super) fn text(value: &str) -> String {
    // JSON's strings are JavaScript's.
    serde_json::Value::from(value).to_string()
}

/// A doc comment; empty when there is nothing to say.
pub(super) fn docs(text: &str, indent: &str) -> String {
    let text = text.replace("*/", "*\\/");
    let lines: Vec<_> = text.lines().collect();
    match &lines[..] {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n").collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}
