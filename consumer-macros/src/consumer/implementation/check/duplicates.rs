//! What two handlers can't share: a name, a payload, the frames.

use quote::ToTokens;

use super::super::model::{Consumer, Method, Named};
use crate::{errors::Errors, names::fold};

pub(super) fn check(consumer: &mut Consumer<'_>, errors: &mut Errors) {
    names("event", &mut consumer.events, errors);
    payloads(&mut consumer.events, errors);
    names("frame type", &mut consumer.receives, errors);
    nameless(&mut consumer.receives, errors);
    if let (Some(text), Some(json)) = (consumer.texts.first(), consumer.receives.first_mut())
        && !exclude(text, &json.method)
    {
        errors.on(
            &json.method.ident,
            format!("`{}` takes every text frame as it is, by `#[receive(text)]`; remove one of the two", text.ident),
        );
        json.method.callable = false;
    }
}

/// Whether at most one of both exists.
fn exclude(a: &Method, b: &Method) -> bool {
    !a.cfgs.is_empty() || !b.cfgs.is_empty()
}

fn names(kind: &str, handlers: &mut [Named], errors: &mut Errors) {
    for at in 1..handlers.len() {
        let (before, rest) = handlers.split_at_mut(at);
        let handler = &mut rest[0];
        let Some(literal) = &handler.name else { continue };
        let name = literal.value();
        let other = before
            .iter()
            .filter(|other| !exclude(&other.method, &handler.method))
            .find(|other| other.name.as_ref().is_some_and(|other| fold(&other.value()) == fold(&name)));
        let Some(other) = other else { continue };
        let method = &other.method.ident;
        let known = other.text();
        if known == name {
            errors.on(literal, format!("{kind} {name:?} is already handled by `{method}`"));
        } else {
            errors.on(
                literal,
                format!("{kind} {name:?} is the same name as {known:?}, since Django Channels reads `.` as `_`, and that is handled by `{method}`; choose another"),
            );
        }
        handler.method.callable = false;
    }
}

fn payloads(handlers: &mut [Named], errors: &mut Errors) {
    for at in 1..handlers.len() {
        let (before, rest) = handlers.split_at_mut(at);
        let handler = &mut rest[0];
        let text = handler.payload.to_token_stream().to_string();
        let other = before
            .iter()
            .filter(|other| !exclude(&other.method, &handler.method))
            .find(|other| other.payload.to_token_stream().to_string() == text);
        let Some(other) = other else { continue };
        handler.repeated = true;
        // Two handlers that are copies of each other are one mistake, told at the name.
        if handler.method.callable {
            errors.on(
                &handler.payload,
                format!(
                    "`{}` is already handled by `{}`; an event has one name and one handler",
                    text.replace(' ', ""),
                    other.method.ident
                ),
            );
        }
        handler.method.callable = false;
    }
}

fn nameless(handlers: &mut [Named], errors: &mut Errors) {
    let mut first: Option<&Method> = None;
    for handler in handlers.iter_mut().filter(|handler| handler.name.is_none()) {
        match first {
            Some(first) if !exclude(first, &handler.method) => {
                errors.on(
                    &handler.method.ident,
                    format!(
                        "`{}` is already the `#[receive]` handler; name this frame, `#[receive(\"chat.history\")]`",
                        first.ident
                    ),
                );
                handler.method.callable = false;
            }
            _ => first = Some(&handler.method),
        }
    }
}
