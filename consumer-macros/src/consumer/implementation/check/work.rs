//! Handlers of a worker: events alone, and several at once.

use syn::{FnArg, Receiver as SelfArgument, ReceiverKind, Signature, Type};

use super::super::{marker::Kind, model::Named, parse::Member};
use super::{
    arguments::{self, Words},
    described,
    handlers::{Handlers, method, variant},
    signature::{self, ASYNC, Receiver},
};
use crate::{
    errors::Errors,
    types::{self, Output},
};

const JOB: Words = Words { input: "the event's payload", example: "job: &Generate" };

const JOB_MEND: &str = "an event is a struct with `#[event(\"..\")]` above it; take that";

const SHARED: &str = "a worker handles several messages at once, so its handlers share it; take `&self`, and keep what changes in a `Mutex` or an atomic";

impl Handlers<'_, '_> {
    /// A handler of a worker, with `&self` or without.
    pub(super) fn work(
        &mut self,
        member: &Member,
        signature: &Signature,
        kind: Kind,
        before: usize,
        errors: &mut Errors,
    ) {
        let name = match kind {
            Kind::Event(name) => name,
            kind => {
                let Some(marker) = member.markers.first() else { return };
                let why = match &kind {
                    Kind::Connect => "nobody connects to a worker; give it what it needs where it is built, `worker(channels).consumer(..)`".to_owned(),
                    Kind::Disconnect => "nobody disconnects from a worker; clean up after `worker(channels).run()`, which says how it ended".to_owned(),
                    kind => format!(
                        "a worker has no client whose frames `{}` could take; its events come from its channel, as in `#[event(\"thumbnails.generate\")]`",
                        described(kind)
                    ),
                };
                return errors.on(&marker.attribute.meta, why);
            }
        };
        signature::plain(signature, errors);
        let receiver = shared(signature, errors);
        signature::asynchronous(signature, self.block, ASYNC, errors);
        if let Output::Value(ty) | Output::Option(ty) | Output::Result(ty, _) | Output::ResultOption(ty, _) =
            types::output(&signature.output)
            && let Some(token) = types::impl_trait(&ty)
        {
            errors.on(token, "the answer of an event has a name, which the event declares; write that type");
        }
        let (arguments, payload) = arguments::input_and_context(signature, &JOB, true, self.block, errors);
        let Some(payload) = payload.filter(|payload| arguments::check_payload(payload, JOB_MEND, self.block, errors))
        else {
            return;
        };
        let callable = errors.len() == before && name.is_some();
        let method = method(member, signature, receiver, arguments, callable);
        self.list(&method, "Event", name.as_ref());
        let variant = variant(&method, &self.events);
        self.events.push(Named { method, name, payload, variant, repeated: false });
    }
}

/// `&self`, or nothing.
fn shared(signature: &Signature, errors: &mut Errors) -> Receiver {
    let Some(FnArg::Receiver(receiver)) = signature.inputs.first() else {
        return Receiver::None;
    };
    if !is_shared(receiver) {
        errors.on(receiver, SHARED);
    }
    Receiver::Borrowed
}

fn is_shared(receiver: &SelfArgument) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, mutable) => mutable.is_none(),
        ReceiverKind::Typed(_, ty) => {
            matches!(types::peel(ty), Type::Reference(reference) if reference.mutability.is_none())
        }
        _ => false,
    }
}
