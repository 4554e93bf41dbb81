//! The handlers of one block, as they are found.

use proc_macro2::Span;
use quote::format_ident;
use syn::{Generics, Ident, LitStr, Signature, ext::IdentExt};

use super::super::{
    marker::Kind,
    model::{Argument, Consumer, Form, Listed, Method, Named},
    parse::Member,
};
use super::{
    Block,
    signature::{self, Receiver},
};
use crate::{
    attributes::{cfgs, docs},
    errors::Errors,
    names::camel_case,
    types,
};

/// The handlers of one block; each kind has its rules in a file of its own.
pub(super) struct Handlers<'b, 'a> {
    pub(super) block: &'b Block<'a>,
    pub(super) events: Vec<Named>,
    pub(super) receives: Vec<Named>,
    pub(super) texts: Vec<Method>,
    pub(super) bytes: Vec<Method>,
    pub(super) connects: Vec<Method>,
    pub(super) disconnects: Vec<Method>,
    listed: Vec<Listed>,
}

impl<'b, 'a> Handlers<'b, 'a> {
    pub(super) fn new(block: &'b Block<'a>) -> Self {
        Self {
            block,
            events: Vec::new(),
            receives: Vec::new(),
            texts: Vec::new(),
            bytes: Vec::new(),
            connects: Vec::new(),
            disconnects: Vec::new(),
            listed: Vec::new(),
        }
    }

    pub(super) fn finish(self, generics: &Generics) -> Consumer<'a> {
        let Self { block, events, receives, texts, bytes, connects, disconnects, listed } = self;
        let (ty, form) = (block.ty, block.form);
        let generics = types::lasting(generics);
        Consumer { generics, ty, form, events, receives, texts, bytes, connects, disconnects, listed }
    }

    pub(super) fn add(&mut self, member: &Member, kind: Kind, errors: &mut Errors) {
        let Some(signature) = &member.signature else { return };
        let before = errors.len();
        if self.block.form == Form::Worker {
            return self.work(member, signature, kind, before, errors);
        }
        signature::plain(signature, errors);
        match kind {
            Kind::Event(name) => self.event(member, signature, name, before, errors),
            Kind::Receive(name) => self.receive(member, signature, name, before, errors),
            Kind::Text | Kind::Bytes => self.raw(member, signature, &kind, before, errors),
            Kind::Connect => self.connect(member, signature, before, errors),
            Kind::Disconnect => self.disconnect(member, signature, before, errors),
        }
    }

    pub(super) fn list(&mut self, method: &Method, kind: &'static str, name: Option<&LitStr>) {
        self.listed.push(Listed {
            cfgs: method.cfgs.clone(),
            kind,
            name: name.map(LitStr::value).unwrap_or_default(),
            method: method.name(),
        });
    }
}

pub(super) fn method(
    member: &Member,
    signature: &Signature,
    receiver: Receiver,
    arguments: Vec<Argument>,
    callable: bool,
) -> Method {
    Method {
        cfgs: cfgs(&member.attributes),
        docs: docs(&member.attributes),
        ident: signature.ident.clone(),
        has_self: receiver == Receiver::Borrowed,
        arguments,
        returned: signature.output.clone(),
        at: signature::place(signature),
        callable,
    }
}

/// A name for the handler's variant that no other has.
pub(super) fn variant(method: &Method, others: &[Named]) -> Ident {
    let name = camel_case(&method.ident.unraw().to_string());
    let taken = others.iter().any(|other| other.variant == name);
    let index = others.len();
    // The variant is ours alone: nothing of the user's may lead to it.
    let mut ident = if taken { format_ident!("{name}{index}") } else { format_ident!("{name}") };
    ident.set_span(Span::call_site());
    ident
}

/// Keeps one handler of its kind, or several that exclude each other by `#[cfg]`.
pub(super) fn once(known: &mut Vec<Method>, method: Method, marker: &str, errors: &mut Errors) {
    match known.first() {
        Some(first) if first.cfgs.is_empty() || method.cfgs.is_empty() => {
            errors.on(&method.ident, format!("`{}` is already the `{marker}` handler; a consumer has one", first.ident))
        }
        _ => known.push(method),
    }
}
