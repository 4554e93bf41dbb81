//! What `#[derive(ReplyError)]` knows of an error.

use syn::{DeriveInput, Ident, LitStr, Type};

pub(super) struct Failure<'a> {
    pub(super) item: &'a DeriveInput,
    /// One for each variant, one alone for a struct; after a mistake only those that `?` makes.
    pub(super) cases: Vec<Case<'a>>,
    /// Whether there is a mistake: then the impls are there, so that nobody misses them, and never run.
    pub(super) broken: bool,
}

/// A way to fail.
pub(super) struct Case<'a> {
    /// `None` for a struct.
    pub(super) variant: Option<&'a Ident>,
    /// The doc comment.
    pub(super) docs: String,
    pub(super) said: Said<'a>,
}

/// What is said of it.
pub(super) enum Said<'a> {
    /// Told to the client.
    Told { code: LitStr, message: Message, fields: Vec<Field<'a>> },
    /// Told as `internal`; of this type is what happened.
    Internal(&'a Type),
}

pub(super) struct Field<'a> {
    pub(super) ident: &'a Ident,
    pub(super) ty: &'a Type,
    /// Whether it stays out of `data`.
    pub(super) skipped: bool,
}

/// A message with its placeholders.
pub(super) struct Message {
    /// With `{}` for each, and what stood behind the colon.
    pub(super) template: LitStr,
    pub(super) placeholders: Vec<Placeholder>,
}

pub(super) struct Placeholder {
    /// The name of the field.
    pub(super) name: String,
    /// Whether it is written by `Display`.
    pub(super) display: bool,
}

impl Message {
    /// Whether the message uses a field.
    pub(super) fn names(&self, field: &str) -> bool {
        self.placeholders.iter().any(|placeholder| placeholder.name == field)
    }
}
