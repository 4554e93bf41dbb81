//! The struct half as it is expanded.

use proc_macro2::Ident;
use syn::{Attribute, Generics, LitStr, Type, ext::IdentExt};

use super::options::Setting;

pub(super) struct Consumer<'a> {
    pub(super) ident: &'a Ident,
    pub(super) generics: Generics,
    /// The doc comment.
    pub(super) docs: String,
    pub(super) path: String,
    pub(super) params: Vec<String>,
    pub(super) fields: Vec<Field<'a>>,
    pub(super) groups: Vec<Group>,
    pub(super) sends: Vec<Type>,
    /// The application's own close codes, and what they mean.
    pub(super) closes: Vec<(u16, String)>,
    pub(super) subprotocols: Vec<String>,
    pub(super) keep_scope: bool,
    pub(super) layer: Option<LitStr>,
    pub(super) settings: Vec<Setting>,
    /// Whether the fields are known and can be filled.
    pub(super) buildable: bool,
}

pub(super) struct Field<'a> {
    pub(super) ident: &'a Ident,
    pub(super) ty: &'a Type,
    pub(super) source: Source,
    pub(super) cfgs: Vec<Attribute>,
    /// The doc comment.
    pub(super) docs: String,
}

/// What fills a field.
pub(super) enum Source {
    Path,
    Extract,
    Default,
}

pub(super) enum Group {
    Declared(Type),
    /// The private form, with its template and the fields in it.
    Own(String, Vec<String>),
}

impl Field<'_> {
    pub(super) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

impl Group {
    /// The type that the user has named.
    pub(super) fn declared(&self) -> Option<&Type> {
        match self {
            Self::Declared(ty) => Some(ty),
            Self::Own(..) => None,
        }
    }
}
