//! From a JSON Schema to a type.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::names::{self, Names};
use crate::schema::declarations::referred;

/// How deep a schema is looked at; below, everything is `unknown`.
const DEPTH: usize = 64;

/// A type's text, and what binds it.
struct Type {
    text: String,
    binding: Binding,
}

/// What holds a type together, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Union,
    Intersection,
    One,
}

/// The type of a schema, in one line.
pub(super) fn inline(schema: &Value, names: &Names<'_>) -> String {
    ty(schema, names, DEPTH).text
}

/// The declaration of a type that has a name: an interface where it is an object with fields and nothing more.
pub(super) fn declaration(name: &str, schema: &Value, names: &Names<'_>) -> String {
    let docs = names::docs(&about(schema), "");
    let alone = schema.as_object().filter(|object| {
        object.get("type").and_then(Value::as_str) == Some("object")
            && object.contains_key("properties")
            && !["allOf", "oneOf", "anyOf", "enum"].iter().any(|key| object.contains_key(*key))
    });
    match alone {
        Some(object) => {
            let fields: String = fields(object)
                .map(|field| {
                    let docs = names::docs(&about(field.schema), "  ");
                    format!("{docs}  {}: {};\n", field.key, inline(field.schema, names))
                })
                .collect();
            let others = others(object, names, DEPTH).map(|others| format!("  {others};\n")).unwrap_or_default();
            format!("{docs}export interface {name} {{\n{fields}{others}}}\n")
        }
        None => format!("{docs}export type {name} ={};\n", alternatives(schema, names)),
    }
}

/// What stands behind the `=`: a union of several has a line each.
fn alternatives(schema: &Value, names: &Names<'_>) -> String {
    let list = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    let only = schema.get("properties").is_none() && schema.get("allOf").is_none();
    match list.filter(|list| only && list.len() > 1) {
        Some(list) => list
            .iter()
            .map(|schema| format!("\n{}  | {}", names::docs(&about(schema), "  "), inline(schema, names)))
            .collect(),
        None => format!(" {}", inline(schema, names)),
    }
}

/// What the doc comment and the range say.
fn about(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let default = schema.get("default").filter(|default| !default.is_null());
    let default = default.map(|default| format!("Default: `{default}`."));
    [Some(text.to_owned()).filter(|text| !text.is_empty()), default]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n\n")
}

struct Field<'a> {
    /// With `?` when it may be left out.
    key: String,
    schema: &'a Value,
}

fn fields(object: &Map<String, Value>) -> impl Iterator<Item = Field<'_>> {
    let required = object.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    // In their order, whatever order `serde_json` was built to keep.
    let properties: BTreeMap<_, _> =
        object.get("properties").and_then(Value::as_object).into_iter().flatten().collect();
    properties.into_iter().map(|(name, schema)| {
        let optional = if required.iter().any(|required| required == name) { "" } else { "?" };
        Field { key: format!("{}{optional}", names::key(name)), schema }
    })
}

fn ty(schema: &Value, names: &Names<'_>, depth: usize) -> Type {
    let (Some(depth), Some(object)) = (depth.checked_sub(1), schema.as_object()) else {
        return one(if *schema == Value::Bool(false) { "never" } else { "unknown" });
    };
    if let Some(name) = referred(schema) {
        return one(names.ty(name));
    }
    if let Some(value) = object.get("const") {
        return one(literal(value));
    }
    let list = |key: &str| object.get(key).and_then(Value::as_array);
    if let Some(values) = list("enum") {
        return join(values.iter().map(|value| one(literal(value))), Binding::Union);
    }
    let whole = match object.get("type") {
        Some(Value::String(kind)) => Some(self::kind(kind, object, names, depth)),
        Some(Value::Array(kinds)) => {
            let kinds = kinds.iter().filter_map(Value::as_str).map(|kind| self::kind(kind, object, names, depth));
            Some(join(kinds, Binding::Union))
        }
        _ if object.contains_key("properties") => Some(kind("object", object, names, depth)),
        _ => None,
    };
    let all = list("allOf").into_iter().flatten().map(|part| ty(part, names, depth));
    let any = ["oneOf", "anyOf"].into_iter().filter_map(list).map(|list| {
        let alternatives = list.iter().map(|part| ty(part, names, depth));
        join(alternatives, Binding::Union)
    });
    // An object of which nothing is said beside its alternatives says nothing.
    let empty = |ty: &Type| ty.text == "{}" || ty.text == "{ [key: string]: unknown }";
    let more = ["allOf", "oneOf", "anyOf"].iter().any(|key| object.contains_key(*key));
    join(whole.filter(|ty| !(more && empty(ty))).into_iter().chain(all).chain(any), Binding::Intersection)
}

/// What a schema says about values of one type.
fn kind(kind: &str, object: &Map<String, Value>, names: &Names<'_>, depth: usize) -> Type {
    let ty = |schema: &Value| self::ty(schema, names, depth);
    match kind {
        "null" => one("null"),
        "boolean" => one("boolean"),
        "integer" | "number" => one("number"),
        "string" => one("string"),
        "array" => match object.get("items") {
            Some(Value::Array(items)) => {
                let items: Vec<_> = items.iter().map(|item| ty(item).text).collect();
                one(format!("[{}]", items.join(", ")))
            }
            Some(items) => one(format!("{}[]", ty(items).within(Binding::One))),
            None if object.get("maxItems") == Some(&Value::from(0)) => one("[]"),
            None => one("unknown[]"),
        },
        "object" => {
            let fields = fields(object).map(|field| format!("{}: {}", field.key, ty(field.schema).text));
            let members: Vec<_> = fields.chain(others(object, names, depth)).collect();
            one(if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join("; ")) })
        }
        _ => one("unknown"),
    }
}

/// What else an object may have. TypeScript wants the fields that have a name to fit as well.
fn others(object: &Map<String, Value>, names: &Names<'_>, depth: usize) -> Option<String> {
    let ty = |schema: &Value| self::ty(schema, names, depth);
    let patterns = object.get("patternProperties").and_then(Value::as_object);
    let mut types: Vec<_> = match (patterns, object.get("additionalProperties")) {
        (Some(patterns), _) => patterns.values().map(ty).collect(),
        (None, Some(schema @ Value::Object(_))) => vec![ty(schema)],
        (None, Some(Value::Bool(true))) => vec![one("unknown")],
        _ => return None,
    };
    types.extend(fields(object).map(|field| ty(field.schema)));
    types.extend(fields(object).any(|field| field.key.ends_with('?')).then(|| one("undefined")));
    Some(format!("[key: string]: {}", join(types, Binding::Union).text))
}

fn literal(value: &Value) -> String {
    match value {
        // An object as a constant is nothing that serde writes.
        Value::Array(_) | Value::Object(_) => "unknown".to_owned(),
        value => value.to_string(),
    }
}

fn one(text: impl Into<String>) -> Type {
    Type { text: text.into(), binding: Binding::One }
}

/// Each once; nothing at all is `unknown`.
fn join(types: impl IntoIterator<Item = Type>, by: Binding) -> Type {
    let mut parts = Vec::<Type>::new();
    for ty in types {
        if !parts.iter().any(|part| part.text == ty.text) {
            parts.push(ty);
        }
    }
    // A value that may be anything may be each of the others.
    if by == Binding::Union && parts.iter().any(|part| part.text == "unknown") {
        return one("unknown");
    }
    match parts.len() {
        0 => one("unknown"),
        1 => parts.remove(0),
        _ => {
            let sign = if by == Binding::Union { " | " } else { " & " };
            let parts: Vec<_> = parts.iter().map(|part| part.within(by)).collect();
            Type { text: parts.join(sign), binding: by }
        }
    }
}

impl Type {
    /// The text as a part of something that binds as `by` does.
    fn within(&self, by: Binding) -> String {
        if self.binding < by { format!("({})", self.text) } else { self.text.clone() }
    }
}
