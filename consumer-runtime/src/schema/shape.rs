//! What a JSON value looks like.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// What a JSON value on the wire looks like, as far as it can be told apart without looking at single values: no ranges,
/// lengths or formats.
///
/// Its `Display` is the notation of a [`Contract`](super::Contract)'s text, as in `{before?:integer,limit:integer|null}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Shape {
    /// Nothing is known of it; fits everything.
    Any,
    /// `true` or `false`.
    Bool,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// A string; also ids and times that travel as one.
    // A public `String`, were it a variant, would make rustc call the standard one by its whole path in every error.
    Text,
    /// One of these values and no other.
    Constants(BTreeSet<Constant>),
    /// A list whose items are alike.
    Array(Box<Shape>),
    /// A list of fixed length.
    Tuple(Vec<Shape>),
    /// An object, with fields of its own, or a map.
    Object(Object),
    /// Any of these, never fewer than two, none of them a `OneOf` itself.
    OneOf(Vec<Shape>),
    /// The type of this name in [`Contract::taken_types`](super::Contract::taken_types) or
    /// [`given_types`](super::Contract::given_types), whichever belongs to the direction.
    Reference(String),
    /// `null`; the last, so that it ends a list of alternatives.
    Null,
}

/// A value that stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Constant {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A string.
    Text(String),
}

/// The fields of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Object {
    /// The fields by their names.
    pub fields: BTreeMap<String, Field>,
    /// What any other field is; a map has no fields but these.
    pub others: Others,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Field {
    /// Whether it is always there.
    pub required: bool,
    /// What it holds.
    pub shape: Shape,
}

/// What a field is that an object does not name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Others {
    /// Of no interest to the reader.
    Ignored,
    /// An error for the reader (serde's `deny_unknown_fields`).
    Refused,
    /// An entry of a map.
    Of(Box<Shape>),
}

impl Shape {
    /// One constant.
    pub(super) fn constant(constant: Constant) -> Self {
        Self::Constants(BTreeSet::from([constant]))
    }

    /// Any of these: flat, sorted, without doubles, the constants together; `any` swallows the rest.
    pub(super) fn one_of(shapes: impl IntoIterator<Item = Self>) -> Self {
        let (mut others, mut constants) = (BTreeSet::new(), BTreeSet::new());
        let mut add = |shape| match shape {
            Self::Constants(more) => constants.extend(more),
            other => {
                others.insert(other);
            }
        };
        for shape in shapes {
            match shape {
                Self::OneOf(inner) => inner.into_iter().for_each(&mut add),
                other => add(other),
            }
        }
        if others.contains(&Self::Any) {
            return Self::Any;
        }
        // `Bool` says both of them already, and a string or integer that may be anything may be these.
        constants.retain(|constant| !others.contains(&constant.kind()));
        let mut all: Vec<_> = others.into_iter().collect();
        if !constants.is_empty() {
            all.push(Self::Constants(constants));
            all.sort();
        }
        match all.len() {
            0 => Self::Any,
            1 => all.remove(0),
            _ => Self::OneOf(all),
        }
    }

    /// What it is, with its article, for a sentence.
    pub(super) fn noun(&self) -> Noun<'_> {
        Noun(self)
    }
}

impl Constant {
    /// The shape of which this is one value.
    pub(super) fn kind(&self) -> Shape {
        match self {
            Self::Bool(_) => Shape::Bool,
            Self::Integer(_) => Shape::Integer,
            Self::Text(_) => Shape::Text,
        }
    }

    /// The value, shortened and printable.
    pub(super) fn noun(&self) -> impl fmt::Display {
        fmt::from_fn(move |f| match self {
            Self::Text(value) => super::text::shown(f, '"', value),
            other => fmt::Display::fmt(other, f),
        })
    }
}

impl Object {
    /// An object with these fields, of which the reader may find others.
    pub(super) fn new(fields: BTreeMap<String, Field>) -> Self {
        Self { fields, others: Others::Ignored }
    }
}

impl Field {
    pub(super) fn new(required: bool, shape: Shape) -> Self {
        Self { required, shape }
    }
}

/// A shape in words, as in `an integer or null`.
pub(super) struct Noun<'a>(&'a Shape);

/// How many alternatives a sentence names.
const NAMED: usize = 4;

impl fmt::Display for Noun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Shape::Any => f.write_str("anything"),
            Shape::Null => f.write_str("null"),
            Shape::Bool => f.write_str("a boolean"),
            Shape::Integer => f.write_str("an integer"),
            Shape::Number => f.write_str("a number"),
            Shape::Text => f.write_str("a string"),
            Shape::Array(_) => f.write_str("a list"),
            Shape::Tuple(items) => write!(f, "a list of {}", items.len()),
            Shape::Object(Object { fields, others: Others::Of(_) }) if fields.is_empty() => f.write_str("a map"),
            Shape::Object(_) => f.write_str("an object"),
            Shape::Reference(name) => super::text::quoted(f, name),
            Shape::Constants(constants) => {
                for (index, constant) in constants.iter().take(NAMED).enumerate() {
                    let or = if index == 0 { "" } else { " or " };
                    write!(f, "{or}{}", constant.noun())?;
                }
                f.write_str(if constants.len() > NAMED { " or another constant" } else { "" })
            }
            Shape::OneOf(shapes) => {
                for (index, shape) in shapes.iter().take(NAMED).enumerate() {
                    let or = if index == 0 { "" } else { " or " };
                    write!(f, "{or}{}", shape.noun())?;
                }
                f.write_str(if shapes.len() > NAMED { " or something else" } else { "" })
            }
        }
    }
}
