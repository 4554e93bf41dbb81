//! What `#[event]` knows of a payload.

use syn::{Attribute, DeriveInput, Ident, Type};

pub(crate) struct Payload {
    /// The user's item, without what was refused.
    pub(crate) item: DeriveInput,
    /// The name; empty after a mistake, so that no handler repeats it.
    pub(crate) name: String,
    /// What answers it; `()` when nothing is declared.
    pub(crate) answer: Option<Type>,
    /// What it is about, so that a newer one may take its place; `None` when every one counts.
    pub(crate) about: Option<About>,
    pub(crate) shape: Shape,
    /// Whether the user derives `Serialize` and `Deserialize`.
    pub(crate) derives: Derives,
    /// Whether the user says where serde is.
    pub(crate) names_serde: bool,
}

/// What an event is about.
pub(crate) enum About {
    /// All of this name are about the same.
    Event,
    /// What this field says, of this type.
    Field(Ident, Box<Type>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Named fields: serde's derives with our attributes.
    Named,
    /// No fields: both impls are written out.
    Unit,
    /// Refused; serde's derives alone, so that it still counts as an event.
    Refused,
    /// Refused, since a field can't be read back: both impls are there for others, and never run.
    Unreadable,
    /// Refused, and nothing can be said of it.
    Generic,
}

#[derive(Clone, Copy)]
pub(crate) struct Derives {
    pub(crate) serialize: bool,
    pub(crate) deserialize: bool,
}

impl Payload {
    pub(crate) fn ident(&self) -> &Ident {
        &self.item.ident
    }

    pub(crate) fn attributes(&self) -> &[Attribute] {
        &self.item.attrs
    }
}
