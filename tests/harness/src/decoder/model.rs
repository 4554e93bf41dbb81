//! What `docs/protocol.md` says of a text, by serde_json alone: the slow way, in as few words as possible.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, json, value::RawValue};

use super::consumers::{Endpoint, Read};

/// What must become of a frame.
pub(super) enum Expected {
    /// A payload as serde_json reads and writes it, and the frame's `id`.
    Payload(Value, Option<Value>),
    /// A code, and the frame's `id`.
    Error(&'static str, Option<Value>),
}

impl Expected {
    /// The answer that says so, without an error's message.
    pub(super) fn answer(&self) -> Value {
        match self {
            Self::Payload(value, None) => json!({"type": "reply", "ok": value}),
            Self::Payload(value, Some(id)) => json!({"type": "reply", "id": id, "ok": value}),
            Self::Error(code, None) => json!({"type": "error", "code": code}),
            Self::Error(code, Some(id)) => json!({"type": "reply", "id": id, "error": {"code": code}}),
        }
    }
}

/// An object's entries in their order, none of them read.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;

        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(EntriesVisitor)
    }
}

impl<'t> Entries<'t> {
    /// Takes an entry out of the object: none, the one, or an error when there are several.
    fn take(&mut self, name: &str) -> Result<Option<&'t RawValue>, ()> {
        let mut found = self.0.extract_if(.., |(key, _)| key == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(Some(value)),
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(()),
        }
    }

    /// The object that is left.
    fn text(&self) -> String {
        let entry = |(key, value): &(String, &RawValue)| format!("{}:{}", json!(key), value.get());
        format!("{{{}}}", self.0.iter().map(entry).collect::<Vec<_>>().join(","))
    }
}

fn string(value: &RawValue) -> Result<String, ()> {
    serde_json::from_str(value.get()).map_err(|_| ())
}

fn find(names: &[(&str, Read)], name: &str) -> Option<Read> {
    let fold = |name: &str| name.replace('.', "_");
    names.iter().find(|(known, _)| fold(known) == fold(name)).map(|(_, read)| *read)
}

/// What must become of a text that is sent to an endpoint.
pub(super) fn frame(endpoint: &Endpoint, text: &str) -> Expected {
    let Endpoint { names, nameless, .. } = *endpoint;
    let bad = |id| Expected::Error("bad_frame", id);
    let is_object = text.trim_ascii_start().starts_with('{');
    if names.is_empty() && !is_object {
        let payload = nameless.and_then(|read| read(text));
        return payload.map_or(bad(None), |payload| Expected::Payload(payload, None));
    }
    let Ok(mut entries) = serde_json::from_str::<Entries<'_>>(text) else { return bad(None) };
    let id = match entries.take("id") {
        Ok(None) => None,
        Ok(Some(id)) => match serde_json::from_str::<Value>(id.get()) {
            Ok(id) if id.is_string() || id.is_u64() || id.is_i64() => Some(id),
            _ => return bad(None),
        },
        Err(()) => return bad(None),
    };
    let name = if names.is_empty() { Ok(None) } else { entries.take("type") };
    let name = name.and_then(|name| name.map(string).transpose());
    let read = match name {
        Err(()) => return bad(None),
        Ok(Some(name)) => match find(names, &name) {
            Some(read) => read,
            None => return Expected::Error("unknown_type", id),
        },
        Ok(None) => match nameless {
            Some(read) => read,
            None => return bad(id),
        },
    };
    match read(&entries.text()) {
        Some(payload) => Expected::Payload(payload, id),
        None => bad(id),
    }
}

/// The event in a text, as its handler sends it on.
pub(super) fn event(names: &[(&str, Read)], text: &str) -> Option<Value> {
    let mut entries = serde_json::from_str::<Entries<'_>>(text).ok()?;
    let name = string(entries.take("type").ok()??).ok()?;
    let (known, read) = names.iter().find(|(known, _)| known.replace('.', "_") == name.replace('.', "_"))?;
    let payload = read(&entries.text())?;
    let mut event = json!({ "type": known });
    if let (Some(event), Value::Object(fields)) = (event.as_object_mut(), payload) {
        event.extend(fields);
    }
    Some(event)
}
