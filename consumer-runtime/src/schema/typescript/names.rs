//! Names in TypeScript.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::declarations::{Code, Failures, Model};

/// What a generated module may not call its types: what it imports, and what every program expects to mean
/// something else. The words of the language begin with a small letter, and no type here does.
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
pub(super) struct Names<'a> {
    types: BTreeMap<&'a str, String>,
    sockets: Vec<String>,
    errors: Vec<NamedError<'a>>,
}

/// An error, which is not another one of that name.
#[derive(Debug)]
pub(super) struct NamedError<'a> {
    /// Its name in the program.
    known: &'a str,
    pub(super) codes: &'a [Code<'a>],
    pub(super) name: String,
}

impl<'a> Names<'a> {
    pub(super) fn new(model: &'a Model<'_>) -> Self {
        let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
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
                let mut name = identifier(name);
                while taken.contains(&name) || taken.contains(&shape(&name)) {
                    name.push('_');
                }
                taken.extend([name.clone(), shape(&name)]);
                name
            })
            .collect();
        let types = model.types.keys().map(|name| (&**name, free(&mut taken, identifier(name)))).collect();
        let mut errors = Vec::<NamedError<'_>>::new();
        for frame in model.sockets.iter().flat_map(|socket| &socket.frames) {
            if let Failures::With { name: known, codes } = &frame.failures
                && !errors.iter().any(|error| error.is(known, codes))
            {
                errors.push(NamedError { known, codes, name: free(&mut taken, identifier(known)) });
            }
        }
        Self { types, sockets, errors }
    }

    pub(super) fn ty(&self, name: &str) -> &str {
        self.types.get(name).map_or("unknown", |name| name)
    }

    pub(super) fn error(&self, name: &str, codes: &[Code<'_>]) -> &str {
        self.errors.iter().find(|error| error.is(name, codes)).map_or("unknown", |error| &error.name)
    }

    pub(super) fn errors(&self) -> &[NamedError<'a>] {
        &self.errors
    }

    pub(super) fn sockets(&self) -> &[String] {
        &self.sockets
    }
}

impl NamedError<'_> {
    fn is(&self, name: &str, codes: &[Code<'_>]) -> bool {
        (self.known, self.codes) == (name, codes)
    }
}

/// The name of what goes over a consumer's socket.
pub(super) fn shape(socket: &str) -> String {
    format!("{socket}Shape")
}

/// A name that is not taken yet, and now is.
pub(super) fn free(taken: &mut BTreeSet<String>, mut name: String) -> String {
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// A name as an identifier: that of an event, `note.added`, is `NoteAdded`.
fn identifier(name: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut text: String = name.split(|c| !is_part(c)).map(capital).collect();
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
