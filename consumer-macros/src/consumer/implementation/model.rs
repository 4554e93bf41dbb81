//! The impl half as it is expanded.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Generics, LitStr, ReturnType, Type, ext::IdentExt};

use crate::types::{self, Failing, Output};

pub(super) struct Consumer<'a> {
    pub(super) generics: Generics,
    pub(super) ty: &'a Type,
    pub(super) form: Form,
    pub(super) events: Vec<Named>,
    pub(super) receives: Vec<Named>,
    pub(super) texts: Vec<Method>,
    pub(super) bytes: Vec<Method>,
    pub(super) connects: Vec<Method>,
    pub(super) disconnects: Vec<Method>,
    /// All handlers in the order of the source, for the declarations.
    pub(super) listed: Vec<Listed>,
}

/// What the impl's handlers are like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A connection's, on its task.
    Async,
    /// A connection's, on the blocking pool.
    Blocking,
    /// A worker's, several at once.
    Worker,
}

impl Form {
    /// What the context is called.
    pub(super) fn context(self) -> &'static str {
        match self {
            Self::Async => "Context",
            Self::Blocking => "BlockingContext",
            Self::Worker => "WorkerContext",
        }
    }
}

/// A handler of a payload: of an event, or of a JSON frame.
pub(super) struct Named {
    pub(super) method: Method,
    /// The name; `None` for the frame without a type, and after a mistake.
    pub(super) name: Option<LitStr>,
    pub(super) payload: Type,
    /// Its variant in the generated enum.
    pub(super) variant: Ident,
    /// Whether another handler has the payload already, so that it is not handled a second time.
    pub(super) repeated: bool,
}

/// A method with one of our markers.
pub(super) struct Method {
    pub(super) cfgs: Vec<Attribute>,
    /// Its doc comment.
    pub(super) docs: String,
    pub(super) ident: Ident,
    /// Whether it takes `&self` or `&mut self`.
    pub(super) has_self: bool,
    pub(super) arguments: Vec<Argument>,
    pub(super) returned: ReturnType,
    /// Its `async` or `fn`: where an error about its future is underlined.
    pub(super) at: Span,
    /// False after a mistake: then it is never called, and its event still counts as handled.
    pub(super) callable: bool,
}

pub(super) enum Argument {
    /// The payload, the text, the bytes or the disconnect.
    Input { ty: Type, by_reference: bool },
    /// The target of `&mut Context<Self>`.
    Context(Type),
    /// An extractor of `#[connect]`.
    Extract(Type),
}

pub(super) struct Listed {
    pub(super) cfgs: Vec<Attribute>,
    /// A variant of `HandlerKind`.
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) method: String,
}

impl Method {
    pub(super) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// The method's name for generated code, away from the user's: an editor that looks that up finds nothing of ours.
    pub(super) fn named_at(&self, span: Span) -> Ident {
        let mut ident = self.ident.clone();
        ident.set_span(span);
        ident
    }

    pub(super) fn output(&self) -> Output {
        types::output(&self.returned)
    }

    pub(super) fn failing(&self) -> Failing {
        types::failing(&self.returned)
    }

    /// Whether it returns a value, as its signature says.
    pub(super) fn answers(&self) -> bool {
        !matches!(self.output(), Output::Quiet)
    }

    pub(super) fn extractors(&self) -> impl Iterator<Item = &Type> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Extract(ty) => Some(ty),
            _ => None,
        })
    }
}

impl Named {
    /// Whether the handler runs once per process.
    pub(super) fn is_shared(&self) -> bool {
        !self.method.has_self
    }

    pub(super) fn text(&self) -> String {
        self.name.as_ref().map(LitStr::value).unwrap_or_default()
    }
}
