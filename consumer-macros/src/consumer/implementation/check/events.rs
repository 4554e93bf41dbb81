//! Handlers of events: with `self` for one connection, without for all members at once.

use quote::ToTokens;
use syn::{LitStr, ReturnType, Signature, Type};

use super::super::{
    model::{Argument, Named},
    parse::Member,
};
use super::{
    arguments::{self, Words},
    handlers::{Handlers, method, variant},
    signature::{self, BORROWS, Receiver},
};
use crate::{
    errors::Errors,
    types::{self, Output},
};

/// What to write instead of a plain `fn` that takes `self`.
const MEND: &str = "write `async fn`, or remove `self` if every member gets the same";

const EVENT_MEND: &str = "an event is a struct with `#[event(\"..\")]` above it; take that";

const EVENT: Words = Words { input: "the event's payload", example: "event: &ChatMessage" };

impl Handlers<'_, '_> {
    pub(super) fn event(
        &mut self,
        member: &Member,
        signature: &Signature,
        name: Option<LitStr>,
        before: usize,
        errors: &mut Errors,
    ) {
        let receiver = signature::receiver(signature, BORROWS, errors);
        let (arguments, payload) = match receiver {
            Receiver::None => self.shared(signature, errors),
            Receiver::Borrowed => {
                signature::asynchronous(signature, self.block, MEND, errors);
                if let Output::Value(ty) | Output::Option(ty) | Output::Result(ty, _) | Output::ResultOption(ty, _) =
                    types::output(&signature.output)
                    && let Some(token) = types::impl_trait(&ty)
                {
                    errors.on(token, "the answer of an event has a name, which the event declares; write that type");
                }
                arguments::input_and_context(signature, &EVENT, true, self.block, errors)
            }
        };
        let Some(payload) = payload.filter(|payload| arguments::check_payload(payload, EVENT_MEND, self.block, errors))
        else {
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
        let (contexts, others): (Vec<_>, Vec<_>) =
            signature::arguments(signature).into_iter().partition(|ty| types::behind_context(ty).is_some());
        let Some((first, rest)) = others.split_first() else {
            let (input, example) = (EVENT.input, EVENT.example);
            errors.on(name, format!("handler `{name}` must take {input}, as in `{example}`"));
            return (Vec::new(), None);
        };
        if let Some(context) = contexts.first() {
            errors.on(
                context,
                "a handler without `self` runs once for all members, so it has no connection's context; take `&mut self` first, or remove this argument",
            );
        } else if let Some(extra) = rest.first() {
            errors
                .on(extra, "a handler without `self` takes the event's payload and nothing else; remove this argument");
        }
        let Some((ty, by_reference)) = arguments::taken(first, EVENT.input, signature, errors) else {
            return (Vec::new(), None);
        };
        if !by_reference {
            let text = ty.to_token_stream();
            errors.on(
                &ty,
                format!("a handler without `self` sees the one event that all members share; take it by reference, `&{text}`"),
            );
        }
        signature::result_outside(signature, errors);
        if let ReturnType::Type(_, ty) = &signature.output
            && types::is_future(ty)
        {
            errors.on(
                ty,
                "a handler without `self` runs inside the fan-out, so it can't wait for a future; return the value, or take `&mut self`",
            );
        } else if matches!(types::output(&signature.output), Output::Quiet) {
            errors.at(
                signature::output_place(signature),
                "a handler without `self` returns what every member is sent; return a value, or take `&mut self`",
            );
        }
        (vec![Argument::Input { ty: ty.clone(), by_reference: true }], Some(ty))
    }
}
