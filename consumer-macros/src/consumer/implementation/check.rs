//! What the impl half refuses.

mod arguments;
mod duplicates;
mod events;
mod frames;
mod handlers;
mod life;
mod signature;
mod work;

use proc_macro2::TokenStream;
use syn::{GenericParam, Ident, Type};

use super::{
    marker::{Kind, Marker},
    model::{Consumer, Form},
    parse::{ImplBlock, Member},
};
use crate::{errors::Errors, types};
use handlers::Handlers;

/// Which handlers the attribute announces.
pub(super) fn form(arguments: TokenStream, errors: &mut Errors) -> Form {
    if arguments.is_empty() {
        return Form::Async;
    }
    match syn::parse2::<Ident>(arguments.clone()) {
        Ok(ident) if ident == "blocking" => Form::Blocking,
        Ok(ident) if ident == "worker" => Form::Worker,
        _ => {
            errors.on(
                arguments,
                "above an `impl`, `#[consumer]` takes nothing but `blocking` or `worker`, and `crate = ..`; path and options go above the struct",
            );
            Form::Async
        }
    }
}

/// What all handlers of one block have in common.
struct Block<'a> {
    /// The consumer's name in messages.
    consumer: String,
    form: Form,
    /// `Self` and the type parameters, which a payload can't mention.
    foreign: Vec<String>,
    ty: &'a Type,
}

/// The consumer, or nothing when the block can't be one.
pub(super) fn implementation<'a>(block: &'a ImplBlock, form: Form, errors: &mut Errors) -> Option<Consumer<'a>> {
    let head = &block.head;
    if let Some((path, _)) = &head.trait_ {
        errors.on(path, "`#[consumer]` belongs on the consumer's own impl block, `impl Chat { .. }`, not on a trait's");
        return None;
    }
    // The struct half tells that a consumer can't borrow.
    let lifetime = head.generics.params.iter().any(|param| matches!(param, GenericParam::Lifetime(_)));
    if lifetime || types::borrow(&head.self_ty).is_some() {
        return None;
    }
    let foreign = head
        .generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Type(param) => Some(param.ident.to_string()),
            GenericParam::Const(param) => Some(param.ident.to_string()),
            GenericParam::Lifetime(_) => None,
        })
        .chain(["Self".to_owned()])
        .collect();
    let consumer = types::last_segment(&head.self_ty).map(|segment| segment.ident.to_string()).unwrap_or_default();
    let context = Block { consumer, form, foreign, ty: &head.self_ty };
    let mut handlers = Handlers::new(&context);
    for member in &block.members {
        if let Some(kind) = kind(member, errors) {
            handlers.add(member, kind, errors);
        }
    }
    let mut consumer = handlers.finish(&head.generics);
    duplicates::check(&mut consumer, errors);
    Some(consumer)
}

/// What a member handles, if it is a handler.
fn kind(member: &Member, errors: &mut Errors) -> Option<Kind> {
    let (marker, others) = member.markers.split_first()?;
    for other in others {
        let name = other.name();
        let message = if name == marker.name() {
            format!("a handler takes one `#[{name}]`; write a second method for this one")
        } else {
            format!("this is already a `#[{}]` handler; write a second method for `#[{name}]`", marker.name())
        };
        errors.on(&other.attribute.meta, message);
    }
    if member.signature.is_none() {
        errors.on(&marker.attribute.meta, format!("`#[{}]` belongs on a method", marker.name()));
        return None;
    }
    Some(Marker::kind(marker, errors))
}

/// What a message calls a marker.
fn described(kind: &Kind) -> &'static str {
    match kind {
        Kind::Event(_) => "#[event(..)]",
        Kind::Receive(Ok(None)) => "#[receive]",
        Kind::Receive(_) => "#[receive(\"..\")]",
        Kind::Text => "#[receive(text)]",
        Kind::Bytes => "#[receive(bytes)]",
        Kind::Connect => "#[connect]",
        Kind::Disconnect => "#[disconnect]",
    }
}
