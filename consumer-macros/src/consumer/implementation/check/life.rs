//! `#[connect]` and `#[disconnect]`.

use syn::{Signature, Type};

use super::super::{model::Argument, parse::Member};
use super::{
    arguments::{self, Words},
    handlers::{Handlers, method, once},
    signature::{self, ASYNC, Receiver, answers_nobody},
};
use crate::{
    errors::Errors,
    types::{self, Output},
};

/// The name of the context in `Context<..>` and `&Context<..>`, neither of which a handler can take.
///
/// An extractor may have that name too; it is no reference, and not about the consumer.
fn misused_context(ty: &Type, consumer: &str) -> Option<&'static str> {
    let (ty, borrowed) = match types::peel(ty) {
        Type::Reference(reference) => (&*reference.elem, true),
        ty => (ty, false),
    };
    let about_consumer = || types::mentioned(ty, &["Self".to_owned(), consumer.to_owned()]).is_some();
    let name = ["Context", "BlockingContext"].into_iter().find(|name| types::ends_in(ty, name))?;
    (borrowed || about_consumer()).then_some(name)
}

const DISCONNECT: Words = Words { input: "the `Disconnect`", example: "disconnect: Disconnect" };

impl Handlers<'_, '_> {
    pub(super) fn connect(&mut self, member: &Member, signature: &Signature, before: usize, errors: &mut Errors) {
        const WHY: &str = "`#[connect]` builds the consumer, or borrows the one that was built from its fields";
        let receiver = signature::receiver(signature, WHY, errors);
        signature::asynchronous(signature, self.block, ASYNC, errors);
        let mut arguments = Vec::new();
        for ty in signature::arguments(signature) {
            let has_context = arguments.iter().any(|argument| matches!(argument, Argument::Context(_)));
            if let Some(target) = types::behind_context(ty) {
                if has_context {
                    errors.on(ty, "a handler has one context; remove this argument");
                }
                arguments.push(Argument::Context(target.clone()));
            } else if let Some(token) = types::impl_trait(ty) {
                errors.on(
                    token,
                    "an argument of `#[connect]` is an extractor with one type; name it instead of `impl ..`",
                );
            } else if let Some(context) = misused_context(ty, &self.block.consumer) {
                errors.on(ty, format!("the context is borrowed and changed; write `&mut {context}<Self>`"));
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
            errors.at(
                signature::output_place(signature),
                "`#[connect]` without `self` builds the consumer; return `Result<Self, Refusal>`, or take `&mut self`",
            );
        }
        let method = method(member, signature, receiver, arguments, errors.len() == before);
        once(&mut self.connects, method, "#[connect]", errors);
    }

    pub(super) fn disconnect(&mut self, member: &Member, signature: &Signature, before: usize, errors: &mut Errors) {
        let why = "the runtime keeps the consumer until everything of it is cleaned up";
        if signature::receiver(signature, why, errors) == Receiver::None {
            errors.on(&signature.ident, "`#[disconnect]` ends one connection; take `&mut self` or `&self` first");
        }
        signature::asynchronous(signature, self.block, ASYNC, errors);
        answers_nobody(signature, "nobody is left to answer in `#[disconnect]`", errors);
        let (arguments, _) = arguments::input_and_context(signature, &DISCONNECT, false, self.block, errors);
        let method = method(member, signature, Receiver::Borrowed, arguments, errors.len() == before);
        once(&mut self.disconnects, method, "#[disconnect]", errors);
    }
}
