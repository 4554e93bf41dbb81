//! The text of a contract.

use std::fmt::{self, Display, Formatter, Write};

use super::{
    contract::{Contract, Input, Taken},
    shape::{Constant, Object, Others, Shape},
};

/// The first line: the version of the notation.
pub(super) const HEAD: &str = "contract 1";

/// What a name without quotes consists of: nothing that has a meaning of its own in a shape.
pub(super) fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

impl Display for Contract {
    /// The text that [`Contract::parse`] reads: ASCII, sorted, the same for equal contracts.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        for (input, taken) in self.inputs() {
            match input {
                Input::Frame(name) => write!(f, "\nframe {} {}", Name(name), taken.payload)?,
                Input::Text => f.write_str("\ntext")?,
                Input::Bytes => f.write_str("\nbytes")?,
            }
            if let Taken { reply: Some(reply), .. } = taken {
                write!(f, " -> {}", reply.value)?;
            }
        }
        for (name, shape) in self.sends() {
            write!(f, "\nsend {} {shape}", Name(name))?;
        }
        for (name, shape) in self.taken_types() {
            write!(f, "\nin {} {shape}", Name(name))?;
        }
        for (name, shape) in self.given_types() {
            write!(f, "\nout {} {shape}", Name(name))?;
        }
        Ok(())
    }
}

impl Display for Shape {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Integer => f.write_str("integer"),
            Self::Number => f.write_str("number"),
            Self::Text => f.write_str("string"),
            Self::Constants(constants) => separated(f, "|", constants),
            Self::Array(items) => write!(f, "[{items}]"),
            Self::Tuple(items) => {
                f.write_char('(')?;
                separated(f, ",", items)?;
                f.write_char(')')
            }
            Self::Object(object) => object.fmt(f),
            Self::OneOf(shapes) => separated(f, "|", shapes),
            Self::Reference(name) => write!(f, "@{}", Name(name)),
        }
    }
}

impl Display for Object {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('{')?;
        let mut comma = "";
        for (name, field) in &self.fields {
            let optional = if field.required { "" } else { "?" };
            write!(f, "{comma}{}{optional}:{}", Name(name), field.shape)?;
            comma = ",";
        }
        match &self.others {
            Others::Ignored => {}
            Others::Refused => write!(f, "{comma}!")?,
            Others::Of(shape) => write!(f, "{comma}*:{shape}")?,
        }
        f.write_char('}')
    }
}

impl Display for Constant {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Text(value) => string(f, value),
        }
    }
}

/// A name, bare where that is enough.
pub(super) struct Name<'a>(pub(super) &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.0.is_empty() && self.0.bytes().all(is_bare) { f.write_str(self.0) } else { string(f, self.0) }
    }
}

/// A JSON string in ASCII.
fn string(f: &mut Formatter<'_>, value: &str) -> fmt::Result {
    f.write_char('"')?;
    for char in value.chars() {
        match char {
            '"' | '\\' => write!(f, "\\{char}")?,
            ' '..='~' => f.write_char(char)?,
            _ => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    write!(f, "\\u{unit:04x}")?;
                }
            }
        }
    }
    f.write_char('"')
}

fn separated<T: Display>(f: &mut Formatter<'_>, by: &str, items: impl IntoIterator<Item = T>) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(by)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

/// How much of a name or value an error shows, in characters.
const SHOWN: usize = 40;

/// A name in backticks, short and printable whatever a client has sent.
pub(super) fn quoted(f: &mut Formatter<'_>, name: &str) -> fmt::Result {
    shown(f, '`', name)
}

/// A text between two `quote`s.
pub(super) fn shown(f: &mut Formatter<'_>, quote: char, text: &str) -> fmt::Result {
    f.write_char(quote)?;
    for char in text.chars().take(SHOWN) {
        match char {
            '`' => f.write_str("\\u{60}")?,
            '\'' => f.write_char(char)?,
            char => write!(f, "{}", char.escape_debug())?,
        }
    }
    f.write_str(if text.chars().nth(SHOWN).is_some() { "…" } else { "" })?;
    f.write_char(quote)
}
