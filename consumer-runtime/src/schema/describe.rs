//! From schemars' descriptions to shapes.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

use super::shape::{Constant, Field, Object, Others, Shape};

/// A type's own description.
#[derive(Clone, Copy, Debug)]
pub struct Describe {
    /// Whole, without a name.
    pub(super) whole: fn(&mut SchemaGenerator) -> Schema,
    /// By a reference where it has a name.
    pub(super) named: fn(&mut SchemaGenerator) -> Schema,
}

impl Describe {
    /// The description of `T`.
    #[must_use]
    pub const fn of<T: JsonSchema + ?Sized>() -> Self {
        Self { whole: T::json_schema, named: SchemaGenerator::subschema_for::<T> }
    }
}

/// Describes the types of one direction, those that they refer to included.
#[derive(Debug)]
pub(super) struct Describer {
    generator: SchemaGenerator,
    reader: Reader,
}

/// Reads descriptions of one direction.
#[derive(Clone, Copy, Debug)]
struct Reader {
    /// Whether a field that nobody knows may be refused; who reads what we send ignores it.
    refuses: bool,
}

/// How deep a description is looked at; below, everything is `any`.
const DEPTH: usize = 60;

impl Describer {
    /// What we read.
    pub(super) fn taken() -> Self {
        let generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
        Self { generator, reader: Reader { refuses: true } }
    }

    /// What we write.
    pub(super) fn given() -> Self {
        let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        Self { generator, reader: Reader { refuses: false } }
    }

    /// The shape of a type, which refers to other types by name.
    pub(super) fn shape(&mut self, describe: Describe) -> Shape {
        let schema = (describe.whole)(&mut self.generator);
        self.reader.shape(schema.as_value(), self.generator.definitions(), DEPTH)
    }

    /// The types that these shapes refer to, and those that these refer to in turn.
    pub(super) fn types<'a>(&self, shapes: impl IntoIterator<Item = &'a Shape>) -> BTreeMap<String, Shape> {
        let definitions = self.generator.definitions();
        let mut types = BTreeMap::new();
        let mut wanted = BTreeSet::new();
        for shape in shapes {
            references(shape, &mut wanted);
        }
        while let Some(name) = wanted.pop_first() {
            if let Entry::Vacant(entry) = types.entry(name) {
                let schema = definitions.get(entry.key()).unwrap_or(&Value::Null);
                let shape = self.reader.shape(schema, definitions, DEPTH);
                references(&shape, &mut wanted);
                entry.insert(shape);
            }
        }
        types
    }
}

fn references(shape: &Shape, names: &mut BTreeSet<String>) {
    match shape {
        Shape::Reference(name) => {
            names.insert(name.clone());
        }
        Shape::Array(items) => references(items, names),
        Shape::Tuple(shapes) | Shape::OneOf(shapes) => shapes.iter().for_each(|shape| references(shape, names)),
        Shape::Object(object) => {
            object.fields.values().for_each(|field| references(&field.shape, names));
            if let Others::Of(shape) = &object.others {
                references(shape, names);
            }
        }
        _ => {}
    }
}

type Definitions = Map<String, Value>;

impl Reader {
    fn shape(self, schema: &Value, definitions: &Definitions, depth: usize) -> Shape {
        let Some(schema) = schema.as_object() else { return Shape::Any };
        let Some(depth) = depth.checked_sub(1) else { return Shape::Any };
        let shape = |schema: &Value| self.shape(schema, definitions, depth);
        if let Some(constant) = schema.get("const") {
            return constants(std::slice::from_ref(constant));
        }
        if let Some(values) = list(schema, "enum") {
            return constants(values);
        }
        let mut whole = match schema.get("type") {
            Some(Value::String(kind)) => self.kind(kind, schema, definitions, depth),
            Some(Value::Array(kinds)) => Shape::one_of(
                kinds.iter().filter_map(Value::as_str).map(|kind| self.kind(kind, schema, definitions, depth)),
            ),
            _ if ["properties", "additionalProperties", "unevaluatedProperties"]
                .iter()
                .any(|&k| schema.contains_key(k)) =>
            {
                self.kind("object", schema, definitions, depth)
            }
            _ => Shape::Any,
        };
        let both = |a: Shape, b: Shape| self.both(a, b, definitions, depth);
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(referred) {
            whole = both(whole, Shape::Reference(name));
        }
        for part in list(schema, "allOf").unwrap_or_default() {
            whole = both(whole, shape(part));
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(alternatives) = list(schema, key).filter(|list| !list.is_empty()) {
                // One by one, since an alternative that says nothing leaves what the others have in common.
                whole = Shape::one_of(alternatives.iter().map(|part| both(whole.clone(), shape(part))));
            }
        }
        whole
    }

    /// What a schema says about values of one type.
    fn kind(self, kind: &str, schema: &Definitions, definitions: &Definitions, depth: usize) -> Shape {
        let shape = |schema: &Value| self.shape(schema, definitions, depth);
        match kind {
            "null" => Shape::Null,
            "boolean" => Shape::Bool,
            "integer" => Shape::Integer,
            "number" => Shape::Number,
            "string" => Shape::Text,
            "array" => match (list(schema, "prefixItems"), schema.get("items")) {
                (Some(items), None | Some(Value::Bool(false))) => Shape::Tuple(items.iter().map(shape).collect()),
                (None, Some(items)) => Shape::Array(Box::new(shape(items))),
                (None, None) if schema.get("maxItems") == Some(&Value::from(0)) => Shape::Tuple(Vec::new()),
                _ => Shape::Array(Box::new(Shape::Any)),
            },
            "object" => {
                let required = list(schema, "required").unwrap_or_default();
                let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
                let fields = properties.map(|(name, value)| {
                    let required = required.iter().any(|required| required == name);
                    (name.clone(), Field::new(required, shape(value)))
                });
                Shape::Object(Object { fields: fields.collect(), others: self.others(schema, definitions, depth) })
            }
            _ => Shape::Any,
        }
    }

    fn others(self, schema: &Definitions, definitions: &Definitions, depth: usize) -> Others {
        let of = |schema: &Value| self.shape(schema, definitions, depth);
        // A map whose keys are numbers describes them by patterns.
        if let Some(Value::Object(patterns)) = schema.get("patternProperties") {
            return Others::Of(Box::new(Shape::one_of(patterns.values().map(of))));
        }
        match schema.get("additionalProperties").or_else(|| schema.get("unevaluatedProperties")) {
            Some(Value::Bool(false)) if self.refuses => Others::Refused,
            None | Some(Value::Bool(false)) => Others::Ignored,
            Some(schema) => Others::Of(Box::new(of(schema))),
        }
    }

    /// What both say together: flattened structs, and tagged enums of structs.
    fn both(self, a: Shape, b: Shape, definitions: &Definitions, depth: usize) -> Shape {
        let Some(depth) = depth.checked_sub(1) else { return Shape::Any };
        let both = |a, b| self.both(a, b, definitions, depth);
        let resolved = |name: &str| self.shape(definitions.get(name).unwrap_or(&Value::Null), definitions, depth);
        match (a, b) {
            (Shape::Any, other) | (other, Shape::Any) => other,
            (Shape::Reference(name), other) => both(resolved(&name), other),
            (other, Shape::Reference(name)) => both(other, resolved(&name)),
            (Shape::OneOf(shapes), other) => Shape::one_of(shapes.into_iter().map(|shape| both(shape, other.clone()))),
            (other, Shape::OneOf(shapes)) => Shape::one_of(shapes.into_iter().map(|shape| both(other.clone(), shape))),
            (Shape::Object(mut a), Shape::Object(b)) => {
                for (name, field) in b.fields {
                    let field = match a.fields.remove(&name) {
                        Some(known) => Field::new(known.required || field.required, both(known.shape, field.shape)),
                        None => field,
                    };
                    a.fields.insert(name, field);
                }
                a.others = match (a.others, b.others) {
                    (Others::Ignored, other) | (other, Others::Ignored) => other,
                    (Others::Of(shape), _) | (_, Others::Of(shape)) => Others::Of(shape),
                    (Others::Refused, Others::Refused) => Others::Refused,
                };
                Shape::Object(a)
            }
            // The type of what an `enum` or `const` beside it says more of.
            (_, Shape::Constants(constants)) => Shape::Constants(constants),
            (a, _) => a,
        }
    }
}

fn list<'a>(schema: &'a Definitions, key: &str) -> Option<&'a [Value]> {
    schema.get(key).and_then(Value::as_array).map(Vec::as_slice)
}

fn constants(values: &[Value]) -> Shape {
    Shape::one_of(values.iter().map(|value| match value {
        Value::Null => Shape::Null,
        Value::Bool(value) => Shape::constant(Constant::Bool(*value)),
        Value::String(value) => Shape::constant(Constant::Text(value.clone())),
        Value::Number(number) => match number.as_i64() {
            Some(value) => Shape::constant(Constant::Integer(value)),
            None if number.is_u64() => Shape::Integer,
            None => Shape::Number,
        },
        Value::Array(_) | Value::Object(_) => Shape::Any,
    }))
}

/// The name in `#/$defs/Name`.
fn referred(reference: &str) -> Option<String> {
    reference.strip_prefix("#/$defs/").map(decoded)
}

/// A name as it is, out of a reference.
pub(super) fn decoded(name: &str) -> String {
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    name.replace("~1", "/").replace("~0", "~")
}
