//! One list of types out of those of both directions.
//!
//! A type that looks the same on both ways has one entry. One that does not, such as a struct with a default
//! that serde may leave out when it reads and never leaves out when it writes, has two: the client's own is
//! called `NameInput`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::model::{Socket, referred, rename};

/// The types by their names; the schemas of `sockets` refer to them.
pub(super) fn types(
    taken: Map<String, Value>,
    given: Map<String, Value>,
    sockets: &mut [Socket<'_>],
) -> BTreeMap<String, Value> {
    let renames = renames(&taken, &given);
    let renamed = |name: &str| renames.get(name).cloned();
    let mut types: BTreeMap<_, _> = given.into_iter().collect();
    for (name, mut schema) in taken {
        rename(&mut schema, &renamed);
        types.insert(renamed(&name).unwrap_or(name), schema);
    }
    for socket in sockets {
        let answers = socket.questions.iter_mut().map(|question| &mut question.answer);
        let payloads = socket.frames.iter_mut().map(|frame| &mut frame.payload);
        let params = socket.params.iter_mut().map(|param| &mut param.schema);
        answers.chain(payloads).chain(params).for_each(|schema| rename(schema, &renamed));
    }
    types
}

/// The new names of types that a client sends, where the server's of that name look otherwise.
fn renames(taken: &Map<String, Value>, given: &Map<String, Value>) -> BTreeMap<String, String> {
    let both: BTreeMap<_, _> =
        taken.iter().filter_map(|(name, schema)| Some((name, (schema, given.get(name)?)))).collect();
    let mut split: BTreeSet<&String> = both.iter().filter(|(_, (a, b))| a != b).map(|(name, _)| *name).collect();
    loop {
        // Whatever refers to two types is two types itself.
        let more: Vec<_> = both
            .iter()
            .filter(|(name, (schema, _))| {
                !split.contains(*name) && refers(schema, &|other| split.iter().any(|name| *name == other))
            })
            .map(|(name, _)| *name)
            .collect();
        if more.is_empty() {
            break;
        }
        split.extend(more);
    }
    let mut renames = BTreeMap::new();
    for name in split {
        let mut renamed = format!("{name}Input");
        while taken.contains_key(&renamed) || given.contains_key(&renamed) {
            renamed.push('_');
        }
        renames.insert(name.clone(), renamed);
    }
    renames
}

fn refers(schema: &Value, wanted: &impl Fn(&str) -> bool) -> bool {
    referred(schema).is_some_and(wanted)
        || match schema {
            Value::Array(items) => items.iter().any(|item| refers(item, wanted)),
            Value::Object(fields) => fields.values().any(|value| refers(value, wanted)),
            _ => false,
        }
}
