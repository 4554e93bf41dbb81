//! The rules of each kind of handler.

use proc_macro2::Span;
use quote::format_ident;
use syn::{Generics, LitStr, ReturnType, Signature, Type, ext::IdentExt, spanned::Spanned};

use super::{
    Block,
    arguments::{self, Words},
    described,
    signature::{self, Receiver},
};
use super::super::{
    marker::Kind,
    model::{Argument, Consumer, Listed, Method, Named},
    parse::Member,
};
use crate::{
    attributes::cfgs,
    errors::Errors,
    names::camel_case,
    types::{self, Output},
};

const BORROWS: &str = "handlers borrow the consumer, which lives as long as the connection";
const EVENT: Words = Words { input: "the event's payload", example: "event: &ChatMessage" };
const FRAME: Words = Words { input: "the frame's payload", example: "say: Say" };
const TEXT: Words = Words { input: "the text", example: "text: String" };
const BYTES: Words = Words { input: "the bytes", example: "bytes: Bytes" };
const DISCONNECT: Words = Words { input: "the `Disconnect`", example: "disconnect: Disconnect" };

/// The handlers of one block, as they are found.
pub(super) struct Handlers<'b, 'a> {
    block: &'b Block<'a>,
    events: Vec<Named>,
    receives: Vec<Named>,
    texts: Vec<Method>,
    bytes: Vec<Method>,
    connects: Vec<Method>,
    disconnects: Vec<Method>,
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

    pub(super) fn finish(self, generics: &'a Generics, _: &mut Errors) -> Consumer<'a> {
        let Self { block, events, receives, texts, bytes, connects, disconnects, listed } = self;
        let (ty, blocking) = (block.ty, block.blocking);
        Consumer { generics, ty, blocking, events, receives, texts, bytes, connects, disconnects, listed }
    }

    pub(super) fn add(&mut self, member: &Member, kind: Kind, errors: &mut Errors) {
        let Some(signature) = &member.signature else { return };
        let before = errors.len();
        signature::plain(signature, errors);
        match kind {
            Kind::Event(name) => self.event(member, signature, name, before, errors),
            Kind::Receive(name) => self.receive(member, signature, name, before, errors),
            Kind::Text | Kind::Bytes => self.raw(member, signature, &kind, before, errors),
            Kind::Connect => self.connect(member, signature, before, errors),
            Kind::Disconnect => self.disconnect(member, signature, before, errors),
        }
    }

    fn event(&mut self, member: &Member, signature: &Signature, name: Option<LitStr>, before: usize, errors: &mut Errors) {
        let receiver = signature::receiver(signature, BORROWS, errors);
        let (arguments, payload) = match receiver {
            Receiver::None => self.shared(signature, errors),
            Receiver::Borrowed => {
                signature::asynchronous(signature, self.block, errors);
                answers_nobody(signature, errors);
                arguments::input_and_context(signature, &EVENT, true, self.block, errors)
            }
        };
        let Some(payload) = payload.filter(|payload| arguments::check_payload(payload, self.block, errors)) else {
            return;
        };
        let kind = if receiver == Receiver::None { "SharedEvent" } else { "Event" };
        let callable = errors.len() == before && name.is_some();
        let method = method(member, signature, receiver, arguments, callable);
        self.list(&method, kind, name.as_ref());
        let variant = variant(&method, &self.events);
        self.events.push(Named { method, name, payload, variant, repeated: false });
    }

    /// A handler without receiver: it runs inside the fan-out, once for all members.
    fn shared(&self, signature: &Signature, errors: &mut Errors) -> (Vec<Argument>, Option<Type>) {
        let name = &signature.ident;
        if let Some(token) = signature.asyncness {
            errors.on(
                token,
                "a handler without `self` runs inside the fan-out, once for all members, so it can't wait; remove `async`, or take `&mut self`",
            );
        }
        let types = signature::arguments(signature);
        let Some((first, rest)) = types.split_first() else {
            errors.on(name, format!("handler `{name}` must take the event's payload, as in `event: &ChatMessage`"));
            return (Vec::new(), None);
        };
        if types::behind_context(first).is_some() || rest.iter().any(|ty| types::behind_context(ty).is_some()) {
            let context = types.iter().find(|ty| types::behind_context(ty).is_some());
            errors.on(
                context,
                "a handler without `self` runs once for all members, so it has no connection's context; take `&mut self` first, or remove this argument",
            );
        } else if let Some(extra) = rest.first() {
            errors.on(extra, "a handler without `self` takes the event's payload and nothing else; remove this argument");
        }
        let Some(payload) = types.iter().copied().find(|ty| types::behind_context(ty).is_none()) else {
            return (Vec::new(), None);
        };
        if let Some(token) = types::impl_trait(payload) {
            errors.on(token, "the event's payload has one type; name it instead of `impl ..`");
            return (Vec::new(), None);
        }
        let payload = match types::peel(payload) {
            Type::Reference(reference) => {
                if let Some(token) = &reference.mutability {
                    errors.on(token, "the event's payload is shared and can't be changed; take `&T`");
                } else if let Some(lifetime) = &reference.lifetime {
                    errors.on(lifetime, "a handler borrows for the length of the call; leave the lifetime out");
                }
                Type::clone(&reference.elem)
            }
            ty => {
                let text = quote::quote!(#ty).to_string();
                errors.on(ty, format!("a handler without `self` sees the one event that all members share; take it by reference, `&{text}`"));
                ty.clone()
            }
        };
        if matches!(types::output(&signature.output), Output::Quiet) {
            let place = match &signature.output {
                ReturnType::Default => name.span(),
                ReturnType::Type(_, ty) => ty.span(),
            };
            errors.at(
                place,
                "a handler without `self` returns what every member is sent; return a value, or take `&mut self`",
            );
        }
        (vec![Argument::Input { ty: payload.clone(), by_reference: true }], Some(payload))
    }

    fn receive(
        &mut self,
        member: &Member,
        signature: &Signature,
        name: Result<Option<LitStr>, ()>,
        before: usize,
        errors: &mut Errors,
    ) {
        self.needs_self(signature, "a frame comes from one connection", errors);
        signature::asynchronous(signature, self.block, errors);
        let (arguments, payload) = arguments::input_and_context(signature, &FRAME, true, self.block, errors);
        let Some(payload) = payload.filter(|payload| arguments::check_payload(payload, self.block, errors)) else {
            return;
        };
        let Ok(name) = name else { return };
        let callable = errors.len() == before;
        let method = method(member, signature, Receiver::Borrowed, arguments, callable);
        self.list(&method, "Receive", name.as_ref());
        let variant = variant(&method, &self.receives);
        self.receives.push(Named { method, name, payload, variant, repeated: false });
    }

    fn raw(&mut self, member: &Member, signature: &Signature, kind: &Kind, before: usize, errors: &mut Errors) {
        let is_text = matches!(kind, Kind::Text);
        self.needs_self(signature, "a frame comes from one connection", errors);
        signature::asynchronous(signature, self.block, errors);
        let words = if is_text { &TEXT } else { &BYTES };
        let (arguments, _) = arguments::input_and_context(signature, words, true, self.block, errors);
        let method = method(member, signature, Receiver::Borrowed, arguments, errors.len() == before);
        self.list(&method, if is_text { "ReceiveText" } else { "ReceiveBytes" }, None);
        let (known, marker) = if is_text { (&mut self.texts, described(kind)) } else { (&mut self.bytes, described(kind)) };
        once(known, method, marker, errors);
    }

    fn connect(&mut self, member: &Member, signature: &Signature, before: usize, errors: &mut Errors) {
        const WHY: &str = "`#[connect]` builds the consumer, or borrows the one that was built from its fields";
        let receiver = signature::receiver(signature, WHY, errors);
        signature::asynchronous(signature, self.block, errors);
        let mut arguments = Vec::new();
        for ty in signature::arguments(signature) {
            let has_context = arguments.iter().any(|argument| matches!(argument, Argument::Context(_)));
            if let Some(target) = types::behind_context(ty) {
                if has_context {
                    errors.on(ty, "a handler has one context; remove this argument");
                }
                arguments.push(Argument::Context(target.clone()));
            } else if let Some(token) = types::impl_trait(ty) {
                errors.on(token, "an argument of `#[connect]` is an extractor with one type; name it instead of `impl ..`");
            } else if let Type::Reference(reference) = types::peel(ty) {
                errors.on(
                    reference.and_token,
                    "`#[connect]` takes extractors by value, and `context: &mut Context<Self>`; remove the `&`",
                );
            } else {
                arguments.push(Argument::Extract(ty.clone()));
            }
        }
        if receiver == Receiver::None && matches!(types::output(&signature.output), Output::Quiet) {
            let place = match &signature.output {
                ReturnType::Default => signature.ident.span(),
                ReturnType::Type(_, ty) => ty.span(),
            };
            errors.at(
                place,
                "`#[connect]` without `self` builds the consumer; return `Result<Self, Refusal>`, or take `&mut self`",
            );
        }
        let method = method(member, signature, receiver, arguments, errors.len() == before);
        once(&mut self.connects, method, "#[connect]", errors);
    }

    fn disconnect(&mut self, member: &Member, signature: &Signature, before: usize, errors: &mut Errors) {
        let why = "the runtime keeps the consumer until everything of it is cleaned up";
        if signature::receiver(signature, why, errors) == Receiver::None {
            errors.on(&signature.ident, "`#[disconnect]` ends one connection; take `&mut self` or `&self` first");
        }
        signature::asynchronous(signature, self.block, errors);
        answers_nobody(signature, errors);
        let (arguments, _) = arguments::input_and_context(signature, &DISCONNECT, false, self.block, errors);
        let method = method(member, signature, Receiver::Borrowed, arguments, errors.len() == before);
        once(&mut self.disconnects, method, "#[disconnect]", errors);
    }

    fn needs_self(&self, signature: &Signature, why: &str, errors: &mut Errors) {
        if signature::receiver(signature, BORROWS, errors) == Receiver::None {
            errors.on(&signature.ident, format!("{why}; take `&mut self` or `&self` first"));
        }
    }

    fn list(&mut self, method: &Method, kind: &'static str, name: Option<&LitStr>) {
        self.listed.push(Listed {
            cfgs: method.cfgs.clone(),
            kind,
            name: name.map(LitStr::value).unwrap_or_default(),
            method: method.name(),
        });
    }
}

/// A handler that answers nobody returns no value, as far as syntax tells.
fn answers_nobody(signature: &Signature, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &signature.output else { return };
    let is_value = match types::output(&signature.output) {
        Output::Quiet => false,
        Output::Option(_) | Output::Result(..) | Output::ResultOption(..) => true,
        Output::Value(ty) => matches!(types::peel(&ty), Type::Reference(_) | Type::Tuple(_) | Type::Array(_) | Type::Slice(_)),
    };
    if is_value {
        errors.on(ty, "a handler with `self` answers nobody here; return `Result`, and send with `context.send(&value)`");
    }
}

fn method(member: &Member, signature: &Signature, receiver: Receiver, arguments: Vec<Argument>, callable: bool) -> Method {
    Method {
        cfgs: cfgs(&member.attributes),
        ident: signature.ident.clone(),
        has_self: receiver == Receiver::Borrowed,
        arguments,
        returned: signature.output.clone(),
        at: signature::place(signature),
        callable,
    }
}

/// A name for the handler's variant that no other has.
fn variant(method: &Method, others: &[Named]) -> syn::Ident {
    let name = camel_case(&method.ident.unraw().to_string());
    let taken = others.iter().any(|other| other.variant == name);
    let index = others.len();
    // The variant is ours alone: nothing of the user's may lead to it.
    let mut ident = if taken { format_ident!("{name}{index}") } else { format_ident!("{name}") };
    ident.set_span(Span::call_site());
    ident
}

/// Keeps one handler of its kind, or several that exclude each other by `#[cfg]`.
fn once(known: &mut Vec<Method>, method: Method, marker: &str, errors: &mut Errors) {
    match known.first() {
        Some(first) if first.cfgs.is_empty() || method.cfgs.is_empty() => errors.on(
            &method.ident,
            format!("`{}` is already the `{marker}` handler; a consumer has one", first.ident),
        ),
        _ => known.push(method),
    }
}
