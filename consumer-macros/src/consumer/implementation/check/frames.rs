//! Handlers of what the client sends.

use syn::{LitStr, Signature};

use super::super::{marker::Kind, model::Named, parse::Member};
use super::{
    arguments::{self, Words},
    described,
    handlers::{Handlers, method, once, variant},
    signature::{self, ASYNC, BORROWS, Receiver},
};
use crate::errors::Errors;

const FRAME: Words = Words { input: "the frame's payload", example: "say: Say" };
const FRAME_MEND: &str = "a JSON frame is read into a value of its own; write `String` or a struct, or take the frame as it is by `#[receive(text)]` or `#[receive(bytes)]`";
const TEXT: Words = Words { input: "the text", example: "text: String" };
const BYTES: Words = Words { input: "the bytes", example: "bytes: Bytes" };

impl Handlers<'_, '_> {
    pub(super) fn receive(
        &mut self,
        member: &Member,
        signature: &Signature,
        name: Result<Option<LitStr>, ()>,
        before: usize,
        errors: &mut Errors,
    ) {
        self.needs_self(signature, "a frame comes from one connection", errors);
        signature::asynchronous(signature, self.block, ASYNC, errors);
        signature::result_outside(signature, errors);
        let (arguments, payload) = arguments::input_and_context(signature, &FRAME, true, self.block, errors);
        let Some(payload) = payload.filter(|payload| arguments::check_payload(payload, FRAME_MEND, self.block, errors))
        else {
            return;
        };
        let Ok(name) = name else { return };
        let callable = errors.len() == before;
        let method = method(member, signature, Receiver::Borrowed, arguments, callable);
        self.list(&method, "Receive", name.as_ref());
        let variant = variant(&method, &self.receives);
        self.receives.push(Named { method, name, payload, variant, repeated: false });
    }

    pub(super) fn raw(
        &mut self,
        member: &Member,
        signature: &Signature,
        kind: &Kind,
        before: usize,
        errors: &mut Errors,
    ) {
        let is_text = matches!(kind, Kind::Text);
        self.needs_self(signature, "a frame comes from one connection", errors);
        signature::asynchronous(signature, self.block, ASYNC, errors);
        let words = if is_text { &TEXT } else { &BYTES };
        let (arguments, _) = arguments::input_and_context(signature, words, true, self.block, errors);
        let method = method(member, signature, Receiver::Borrowed, arguments, errors.len() == before);
        self.list(&method, if is_text { "ReceiveText" } else { "ReceiveBytes" }, None);
        let (known, marker) =
            if is_text { (&mut self.texts, described(kind)) } else { (&mut self.bytes, described(kind)) };
        once(known, method, marker, errors);
    }

    fn needs_self(&self, signature: &Signature, why: &str, errors: &mut Errors) {
        if signature::receiver(signature, BORROWS, errors) == Receiver::None {
            errors.on(&signature.ident, format!("{why}; take `&mut self` or `&self` first"));
        }
    }
}
