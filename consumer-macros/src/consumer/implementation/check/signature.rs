//! Rules of signatures that hold for every handler.

use proc_macro2::Span;
use syn::{FnArg, GenericParam, ReceiverKind, ReturnType, Safety, Signature, Type, spanned::Spanned};

use super::{super::model::Form, Block};
use crate::{
    errors::Errors,
    types::{self, Output},
};

/// Why a handler takes no `self` by value.
pub(super) const BORROWS: &str = "handlers borrow the consumer, which lives as long as the connection";

/// How a handler takes the consumer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Receiver {
    None,
    Borrowed,
}

/// Where an error about the handler's future is underlined.
pub(super) fn place(signature: &Signature) -> Span {
    signature.asyncness.map_or(signature.fn_token.span, |token| token.span())
}

/// Where an error about the result is underlined: the type, or the name of a function that returns nothing.
pub(super) fn output_place(signature: &Signature) -> Span {
    match &signature.output {
        ReturnType::Default => signature.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    }
}

/// Modifiers and generics, which no handler has.
pub(super) fn plain(signature: &Signature, errors: &mut Errors) {
    if !matches!(signature.safety, Safety::Default) {
        errors.on(&signature.safety, "a handler can't be `unsafe`: the runtime calls it; remove `unsafe`");
    }
    if let Some(abi) = &signature.abi {
        errors.on(abi, "a handler is an ordinary method; remove `extern`");
    }
    let generics = &signature.generics.params;
    if generics.iter().any(|param| !matches!(param, GenericParam::Lifetime(_))) {
        errors.on(generics, "a handler can't be generic: the runtime calls it with one type; name that type");
    } else if !generics.is_empty() {
        errors.on(generics, "a handler borrows for the length of the call; leave the lifetimes out");
    }
    if let Some(variadic) = &signature.variadic {
        errors.on(variadic, "a handler is an ordinary method; remove `...`");
    }
}

/// What to write instead of a plain `fn`.
pub(super) const ASYNC: &str = "write `async fn`";

/// `async fn`, or plain `fn` in a blocking impl; `mend` is what to say of a plain one elsewhere.
pub(super) fn asynchronous(signature: &Signature, block: &Block<'_>, mend: &str, errors: &mut Errors) {
    let name = &signature.ident;
    if let ReturnType::Type(_, ty) = &signature.output
        && types::is_future(ty)
    {
        let message = match signature.asyncness {
            _ if block.form == Form::Blocking => {
                format!(
                    "handler `{name}` blocks until it is done, so it returns no future; return the value itself, as in `-> Result`"
                )
            }
            Some(_) => {
                format!(
                    "handler `{name}` is an `async fn`, which makes a future by itself; write what that gives, as in `-> Result`"
                )
            }
            None => format!(
                "handler `{name}` returns a future; write `async fn`, and what the future gives, as in `-> Result`"
            ),
        };
        return errors.on(ty, message);
    }
    match signature.asyncness {
        Some(token) if block.form == Form::Blocking => errors.on(
            token,
            format!(
                "handler `{name}` is in a `#[consumer(blocking)]` impl, so it must be a plain `fn`; remove `async`"
            ),
        ),
        None if block.form != Form::Blocking => {
            errors.on(signature.fn_token, format!("handler `{name}` is not `async`; {mend}"));
        }
        _ => {}
    }
}

/// The receiver, which is a borrow or nothing.
pub(super) fn receiver(signature: &Signature, why: &str, errors: &mut Errors) -> Receiver {
    let Some(FnArg::Receiver(receiver)) = signature.inputs.first() else {
        return Receiver::None;
    };
    let borrowed = match &receiver.kind {
        ReceiverKind::Reference(..) => true,
        ReceiverKind::Typed(_, ty) => matches!(types::peel(ty), Type::Reference(_)),
        _ => false,
    };
    if !borrowed {
        errors.on(receiver, format!("{why}; take `&self` or `&mut self`"));
    }
    Receiver::Borrowed
}

/// The types of the arguments after the receiver.
pub(super) fn arguments(signature: &Signature) -> Vec<&Type> {
    signature
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(argument) => Some(&*argument.ty),
            FnArg::Receiver(_) => None,
        })
        .collect()
}

/// A handler's value may be missing, and its result an error, in this order alone.
pub(super) fn result_outside(signature: &Signature, errors: &mut Errors) {
    if let ReturnType::Type(_, ty) = &signature.output
        && let Output::Option(value) = types::output(&signature.output)
        && types::ends_in(&value, "Result")
    {
        errors.on(ty, "a `Result` in an `Option` hides its error; write `Result<Option<..>>`");
    }
}

/// A handler that answers nobody returns no value, as far as syntax tells.
pub(super) fn answers_nobody(signature: &Signature, why: &str, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &signature.output else {
        return;
    };
    let is_value = match types::output(&signature.output) {
        Output::Quiet => false,
        Output::Option(_) | Output::Result(..) | Output::ResultOption(..) => true,
        Output::Value(ty) => {
            matches!(types::peel(&ty), Type::Reference(_) | Type::Tuple(_) | Type::Array(_) | Type::Slice(_))
        }
    };
    if is_value {
        errors.on(ty, format!("{why}; return `Result` or nothing, and send with `context.send(&value)`"));
    }
}
