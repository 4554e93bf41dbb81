//! The arguments of handlers, told apart by their syntax.

use syn::{Signature, Type};

use super::{
    super::model::{Argument, Form},
    Block, signature,
};
use crate::{errors::Errors, types};

/// What a handler's first argument is called.
pub(super) struct Words {
    /// As in "the event's payload".
    pub(super) input: &'static str,
    /// As in "event: &ChatMessage".
    pub(super) example: &'static str,
}

/// An input and then, if it is there, the context. The payload comes back whenever it can be told.
pub(super) fn input_and_context(
    signature: &Signature,
    words: &Words,
    required: bool,
    block: &Block<'_>,
    errors: &mut Errors,
) -> (Vec<Argument>, Option<Type>) {
    let name = &signature.ident;
    let Words { input, example } = words;
    let mut types = signature::arguments(signature);
    if let Some(at) = extractor(&types) {
        let text = types::text(types[at]);
        let message = match block.form {
            Form::Worker => {
                format!("`{text}` is taken from a request, and a worker has none; keep what you need in a field")
            }
            Form::Async | Form::Blocking => format!(
                "`{text}` is there when a client connects; take it in `#[connect]`, and keep what you need of it in a field"
            ),
        };
        errors.on(types.remove(at), message);
    }
    if let [first, second, ..] = types[..]
        && types::behind_context(first).is_some()
        && types::behind_context(second).is_none()
    {
        errors.on(first, format!("{input} comes first and the context after it; swap the two arguments"));
        types.swap(0, 1);
    }
    let mut arguments = Vec::new();
    let mut payload = None;
    let mut rest = types.into_iter().peekable();
    match rest.next_if(|ty| types::behind_context(ty).is_none()) {
        Some(ty) => {
            if let Some((ty, by_reference)) = taken(ty, input, signature, errors) {
                payload = Some(ty.clone());
                arguments.push(Argument::Input { ty, by_reference });
            }
        }
        None if required => errors.on(name, format!("handler `{name}` must take {input}, as in `{example}`")),
        None => {}
    }
    if let Some(ty) = rest.next() {
        context(ty, block, errors, &mut arguments);
    }
    if let Some(extra) = rest.next() {
        errors.on(extra, format!("a handler takes {input} and its context, and nothing else; remove this argument"));
    }
    (arguments, payload)
}

/// Which of several arguments is one of axum's extractors, by its name: one of them is too many in any case.
fn extractor(types: &[&Type]) -> Option<usize> {
    const NAMES: [&str; 8] = ["State", "Extension", "Path", "Query", "ConnectInfo", "HeaderMap", "Method", "Uri"];
    let contexts = types.iter().filter(|ty| types::behind_context(ty).is_some()).count();
    if types.len() - contexts < 2 {
        return None;
    }
    types.iter().rposition(|ty| NAMES.iter().any(|name| types::ends_in(ty, name)))
}

fn context(ty: &Type, block: &Block<'_>, errors: &mut Errors, arguments: &mut Vec<Argument>) {
    let context = block.form.context();
    match types::behind_mut(ty) {
        Some(target) if types::impl_trait(target).is_none() && types::borrow(target).is_none() => {
            arguments.push(Argument::Context(target.clone()));
        }
        _ => errors.on(
            ty,
            format!("the second argument of a handler of `{}` is `context: &mut {context}<Self>`", block.consumer),
        ),
    }
}

/// The type that an argument takes, and whether by reference.
pub(super) fn taken(ty: &Type, input: &str, signature: &Signature, errors: &mut Errors) -> Option<(Type, bool)> {
    if let Some(token) = types::impl_trait(ty) {
        errors.on(token, format!("{input} has one type; name it instead of `impl ..`"));
        return None;
    }
    match types::peel(ty) {
        Type::Reference(reference) => {
            let target = Type::clone(&reference.elem);
            if let Some(token) = &reference.mutability {
                errors.on(token, format!("{input} comes as `&T` or as `T`; remove this `mut`"));
            } else if let Some(lifetime) = reference.lifetime.as_ref().filter(|_| signature.generics.params.is_empty())
            {
                errors.on(lifetime, "a handler borrows for the length of the call; leave the lifetime out");
            }
            Some((target, true))
        }
        ty => Some((ty.clone(), false)),
    }
}

/// The payload's own rules: it lives on its own. `mend` is what to take instead of something without a size.
pub(super) fn check_payload(payload: &Type, mend: &str, block: &Block<'_>, errors: &mut Errors) -> bool {
    let peeled = types::peel(payload);
    let is_str = matches!(peeled, Type::Path(path) if path.path.is_ident("str"));
    if is_str || matches!(peeled, Type::Slice(_) | Type::TraitObject(_)) {
        errors.on(payload, format!("`{}` can't be a payload; {mend}", types::text(payload)));
        return false;
    }
    if let Some(token) = types::borrow(payload) {
        errors.on(token, "a payload outlives the frame that it came in, so it can't borrow; own the data instead");
        return false;
    }
    if let Some(ident) = types::mentioned(payload, &block.foreign) {
        let message = if ident == "Self" {
            "a payload can't be or mention `Self`; write a struct of its own".to_owned()
        } else {
            format!("a payload has one type for every consumer, so it can't mention the type parameter `{ident}`")
        };
        errors.on(ident, message);
        return false;
    }
    true
}
