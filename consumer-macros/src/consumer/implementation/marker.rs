//! The attributes that make a method a handler.

use syn::{Attribute, Ident, LitStr, Meta};

use crate::{attributes::ends_in, errors::Errors, names::event_objection};

const NAMES: [&str; 4] = ["event", "receive", "connect", "disconnect"];

/// One of our attributes on a method.
pub(super) struct Marker {
    pub(super) attribute: Attribute,
}

/// What a method handles.
pub(super) enum Kind {
    /// An event; without a name after a mistake.
    Event(Option<LitStr>),
    /// A JSON frame, by its type or without one; `Err` after a mistake.
    Receive(Result<Option<LitStr>, ()>),
    Text,
    Bytes,
    Connect,
    Disconnect,
}

impl Marker {
    pub(super) fn recognises(attribute: &mut Attribute) -> bool {
        NAMES.iter().any(|name| ends_in(attribute.path(), name))
    }

    pub(super) fn new(attribute: Attribute) -> Self {
        Self { attribute }
    }

    /// The marker as the user wrote it.
    pub(super) fn ident(&self) -> Option<&Ident> {
        self.attribute.path().segments.last().map(|segment| &segment.ident)
    }

    /// The marker as the user knows it, such as `event`.
    pub(super) fn name(&self) -> String {
        self.ident().map(Ident::to_string).unwrap_or_default()
    }

    pub(super) fn kind(&self, errors: &mut Errors) -> Kind {
        match &*self.name() {
            "event" => Kind::Event(self.event_name(errors)),
            "receive" => self.receive(errors),
            "connect" => {
                self.takes_nothing(errors);
                Kind::Connect
            }
            _ => {
                self.takes_nothing(errors);
                Kind::Disconnect
            }
        }
    }

    fn event_name(&self, errors: &mut Errors) -> Option<LitStr> {
        let Meta::List(list) = &self.attribute.meta else {
            errors.on(&self.attribute.meta, "a handler names its event; write `#[event(\"chat.message\")]`");
            return None;
        };
        let Ok(name) = list.parse_args::<LitStr>() else {
            match list.tokens.is_empty() {
                true => {
                    errors.on(&self.attribute.meta, "a handler names its event; write `#[event(\"chat.message\")]`")
                }
                false => errors.on(&list.tokens, "an event's name is one string; write `#[event(\"chat.message\")]`"),
            }
            return None;
        };
        checked("event name", name, errors)
    }

    fn receive(&self, errors: &mut Errors) -> Kind {
        const FORMS: &str =
            "write `#[receive]`, `#[receive(\"chat.history\")]`, `#[receive(text)]` or `#[receive(bytes)]`";
        let list = match &self.attribute.meta {
            Meta::Path(_) => return Kind::Receive(Ok(None)),
            Meta::List(list) => list,
            Meta::NameValue(pair) => {
                errors.on(pair, format!("not a form of `#[receive]`; {FORMS}"));
                return Kind::Receive(Err(()));
            }
        };
        if let Ok(name) = list.parse_args::<LitStr>() {
            return Kind::Receive(checked("frame type", name, errors).map(Some).ok_or(()));
        }
        match list.parse_args::<Ident>() {
            Ok(kind) if kind == "text" => return Kind::Text,
            Ok(kind) if kind == "bytes" => return Kind::Bytes,
            _ => {}
        }
        let message = format!("not a form of `#[receive]`; {FORMS}");
        match list.tokens.is_empty() {
            true => errors.on(list, message),
            false => errors.on(&list.tokens, message),
        }
        Kind::Receive(Err(()))
    }

    fn takes_nothing(&self, errors: &mut Errors) {
        if !matches!(self.attribute.meta, Meta::Path(_)) {
            let name = self.name();
            errors.on(
                &self.attribute.meta,
                format!("`#[{name}]` takes no options; what it needs are the method's arguments"),
            );
        }
    }
}

fn checked(kind: &str, name: LitStr, errors: &mut Errors) -> Option<LitStr> {
    match event_objection(kind, &name.value()) {
        Some(objection) => {
            errors.on(name, objection);
            None
        }
        None => Some(name),
    }
}
