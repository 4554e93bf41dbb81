//! Why a server cannot serve a client.

use std::fmt::{self, Display, Formatter};

use super::{
    contract::Input,
    shape::{Constant, Shape},
    text::quoted,
};

/// The first difference between two contracts that breaks the client.
///
/// Its `Display` is one sentence that names the frame and the field, as in
/// ``the frame `chat.history` needs a field `limit` that this client does not send``. Names that a client has sent are
/// in it, shortened and printable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incompatible {
    sentence: String,
}

impl Incompatible {
    pub(super) fn new(place: Place<'_>, found: Found<'_>) -> Self {
        Self { sentence: Sentence { place, found }.to_string() }
    }

    pub(super) fn gone(place: Place<'_>) -> Self {
        Self::new(place, Difference::Gone.into())
    }
}

impl Display for Incompatible {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Incompatible {}

/// Where a difference is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'c> {
    /// What the client sends.
    Frame(&'c Input),
    /// What answers it.
    Reply(&'c Input),
    /// What the server sends by its own.
    Sent(&'c str),
}

/// A difference with the way to it, innermost step first.
#[derive(Debug)]
pub(super) struct Found<'c> {
    path: Vec<Step<'c>>,
    what: Difference<'c>,
}

/// One step into a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'c> {
    Field(&'c str),
    Item,
    Entry,
}

/// What differs between what is written and what is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Difference<'c> {
    /// The server has no such frame or message.
    Gone,
    /// The reader needs what the writer does not have.
    Missing,
    /// The reader needs what the writer may leave out.
    MaybeMissing,
    /// The reader refuses what the writer has.
    Unknown,
    /// The reader refuses what the writer's map may have.
    UnknownOthers,
    /// The writer has another type.
    Type { written: &'c Shape, read: &'c Shape },
    /// The reader does not know this value.
    Constant(&'c Constant),
    /// The reader has no such alternative.
    Alternative(&'c Shape),
    /// What was found not to fit before.
    Again,
    /// The comparison was given up.
    TooMuch,
}

impl<'c> Found<'c> {
    /// The same, one step further out.
    pub(super) fn at(mut self, step: Step<'c>) -> Self {
        self.path.push(step);
        self
    }

    pub(super) fn is_too_much(&self) -> bool {
        matches!(self.what, Difference::TooMuch)
    }
}

impl<'c> From<Difference<'c>> for Found<'c> {
    fn from(what: Difference<'c>) -> Self {
        Self { path: Vec::new(), what }
    }
}

struct Sentence<'c> {
    place: Place<'c>,
    found: Found<'c>,
}

impl Display for Sentence<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { place, found: Found { path, what } } = self;
        let field = Path(path);
        // The whole value, or a part of it.
        let part = Part { place, path };
        let client_writes = matches!(place, Place::Frame(_));
        let does_not = if client_writes { "which this client may send" } else { "which this client does not know" };
        match what {
            Difference::Gone if client_writes => write!(f, "the server no longer takes {}", place.plural()),
            Difference::Gone => write!(f, "the server no longer sends {place}"),
            Difference::Missing if client_writes => {
                write!(f, "{place} needs a field {field} that this client does not send")
            }
            Difference::Missing => write!(f, "{place} has no field {field}, which this client needs"),
            Difference::MaybeMissing if client_writes => {
                write!(f, "{place} needs the field {field}, which this client may leave out")
            }
            Difference::MaybeMissing => write!(f, "{place} may lack the field {field}, which this client needs"),
            Difference::Unknown => write!(f, "{place} takes no field {field}, which this client sends"),
            Difference::UnknownOthers => write!(f, "{part} takes fewer fields than this client may send"),
            Difference::Type { written, read } if client_writes => {
                write!(f, "{part} must be {}, but this client sends {}", read.noun(), written.noun())
            }
            Difference::Type { written, read } => {
                write!(f, "{part} is {}, but this client expects {}", written.noun(), read.noun())
            }
            Difference::Constant(constant) => {
                let may = if client_writes { "must not" } else { "may" };
                write!(f, "{part} {may} be {}, {does_not}", constant.noun())
            }
            Difference::Alternative(shape) => {
                let may = if client_writes { "must not" } else { "may" };
                write!(f, "{part} {may} be {}, {does_not}", Alternative(shape))
            }
            Difference::Again if client_writes => write!(f, "{part} is not what this client sends"),
            Difference::Again => write!(f, "{part} is not what this client expects"),
            Difference::TooMuch => f.write_str("this client's contract is too large to compare; let it send the hash"),
        }
    }
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(input) => input_name(f, input),
            Self::Reply(input) => {
                f.write_str("the reply to ")?;
                input_name(f, input)
            }
            Self::Sent(name) => {
                f.write_str("the message ")?;
                quoted(f, name)
            }
        }
    }
}

impl Place<'_> {
    /// What is gone: one frame of many, or a whole kind.
    fn plural(&self) -> impl Display + '_ {
        fmt::from_fn(move |f| match self {
            Self::Frame(Input::Frame(name)) if name.is_empty() => f.write_str("frames without a `type`"),
            Self::Frame(Input::Text) => f.write_str("plain text frames"),
            Self::Frame(Input::Bytes) => f.write_str("binary frames"),
            place => place.fmt(f),
        })
    }
}

fn input_name(f: &mut Formatter<'_>, input: &Input) -> fmt::Result {
    match input {
        Input::Frame(name) if name.is_empty() => f.write_str("the frame without a `type`"),
        Input::Frame(name) => {
            f.write_str("the frame ")?;
            quoted(f, name)
        }
        Input::Text => f.write_str("a text frame"),
        Input::Bytes => f.write_str("a binary frame"),
    }
}

/// The way to a field, as in `` `range.from` ``.
struct Path<'a>(&'a [Step<'a>]);

/// How much of a way is shown, in steps: the outer ones, and the last.
const SHOWN: usize = 4;

impl Display for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut whole = String::new();
        for (index, step) in self.0.iter().rev().enumerate() {
            if index == SHOWN {
                whole.push_str("..");
            }
            if index < SHOWN || index + 1 == self.0.len() {
                let dot = if index == 0 { "" } else { "." };
                match step {
                    Step::Field(name) => whole.extend([dot, name]),
                    Step::Item => whole.push_str("[]"),
                    Step::Entry => whole.extend([dot, "*"]),
                }
            }
        }
        quoted(f, &whole)
    }
}

/// A field of a place, or the place itself.
struct Part<'a> {
    place: &'a Place<'a>,
    path: &'a [Step<'a>],
}

impl Display for Part<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.path {
            [] => self.place.fmt(f),
            path => write!(f, "the field {} of {}", Path(path), self.place),
        }
    }
}

/// An alternative in words: by the constants that tell it from others, if it has some.
struct Alternative<'a>(&'a Shape);

impl Display for Alternative<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Shape::Object(object) = self.0 {
            let tag = object.fields.iter().find_map(|(name, field)| match &field.shape {
                Shape::Constants(constants) => Some((name, constants)),
                _ => None,
            });
            if let Some((name, constants)) = tag {
                f.write_str("an object with the field ")?;
                quoted(f, name)?;
                f.write_str(" = ")?;
                return constants.first().map_or(Ok(()), |constant| constant.noun().fmt(f));
            }
            if let Some((name, _)) = object.fields.iter().find(|(_, field)| field.required) {
                f.write_str("an object with the field ")?;
                return quoted(f, name);
            }
        }
        self.0.noun().fmt(f)
    }
}
