//! Checks that only the constant evaluator can make: those that need a name which another macro call has written.
//!
//! Each is called in a free `const _: () = ..;`, which `cargo check` evaluates.

mod mounted;
mod paths;
mod text;

pub use mounted::{Declares, DeclaresNothing, Mounted, mounted, mounted_room, own_groups, own_groups_room};

use std::marker::PhantomData;

use crate::{
    asking::{AnswerOf, NoValue},
    consumer::Consumer,
    event::Event,
    group::{Group, JoinedBy, same},
    outcome::{Fanned, Outcome},
    worker::OnChannel,
};
use text::Text;

/// The handler's `#[event("..")]` and the payload's must be one name; the payload's is empty when it is wrong in itself.
#[track_caller]
pub const fn event_name(method: &str, on_handler: &str, payload: &str, on_payload: &str) {
    if !on_payload.is_empty() && !same(on_handler, on_payload) {
        Text::new()
            .push("handler `")
            .push(method)
            .push("` is for \"")
            .push(on_handler)
            .push("\" but its payload `")
            .push(payload)
            .push("` is \"")
            .push(on_payload)
            .push("\"; write `#[event(\"")
            .push(on_payload)
            .push("\")]`")
            .fail();
    }
}

/// Every name in the template of a declared group must be a field of the consumer that can be written as text.
#[track_caller]
pub const fn group_fields(consumer: &str, group: &str, template: &str, wanted: &[&str], fields: &[(&str, bool)]) {
    let mut at = 0;
    while at < wanted.len() {
        let name = wanted[at];
        let mut known = 0;
        while known < fields.len() && !same(fields[known].0, name) {
            known += 1;
        }
        if known == fields.len() {
            Text::new()
                .push("group `")
                .push(group)
                .push("` is named \"")
                .push(template)
                .push("\", but `")
                .push(consumer)
                .push("` has no field `")
                .push(name)
                .push("`; add the field, or join the group in `#[connect]`")
                .fail();
        }
        if !fields[known].1 {
            Text::new()
                .push("group `")
                .push(group)
                .push("` is named \"")
                .push(template)
                .push("\", but field `")
                .push(name)
                .push("` of `")
                .push(consumer)
                .push("` can't be written as text; its type needs `Display`")
                .fail();
        }
        at += 1;
    }
}

/// Asks that consumer `C` may join group `G`, once both are what they claim to be.
///
/// Path resolution picks the inherent [`check`](Member::check) for a group and a consumer, and [`NotYet`]'s for
/// anything else, which has an error of its own already.
#[derive(Debug)]
pub struct Member<G, C>(PhantomData<fn() -> (G, C)>);

impl<G: Group, C: Consumer> Member<G, C> {
    /// `J` is `G` once more, since the compiler underlines the parameter of a function.
    pub fn check<J: JoinedBy<C>>() {}
}

/// Asks nothing.
pub trait NotYet {
    fn check<J>() {}
}

impl<G, C> NotYet for Member<G, C> {}

/// Takes what the handler of event `E` returned, once `E` is an event; for anything else [`NoEvent`] takes it, since that
/// has an error of its own already.
#[derive(Debug)]
pub struct Answering<E>(PhantomData<fn() -> E>);

impl<E: Event> Answering<E> {
    /// What a handler returned, which is the event's answer.
    pub fn returned<R: AnswerOf<E::Answer>>(returned: R) -> Outcome {
        returned.into_outcome()
    }

    /// What a shared handler made, of an event that no member answers for itself.
    pub fn fanned(fanned: Fanned) -> Fanned
    where
        E::Answer: NoValue,
    {
        fanned
    }
}

/// Takes anything, in a program that does not compile.
pub trait NoEvent {
    fn returned<R>(_: R) -> Outcome {
        super::broken()
    }

    fn fanned(_: Fanned) -> Fanned {
        super::broken()
    }
}

impl<E> NoEvent for Answering<E> {}

/// Asks that the impl half of `C` is for sockets, when its struct half is not for a channel.
#[derive(Debug)]
pub struct Half<C>(PhantomData<fn() -> C>);

impl<C: OnChannel> Half<C> {
    pub fn socket()
    where
        C: HandlesSockets,
    {
    }
}

/// Asks nothing of a struct half for a path.
pub trait AnyHalf {
    fn socket() {}
}

impl<C> AnyHalf for Half<C> {}

/// What no type with a channel is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes its events from a channel, so its handlers are those of a worker",
    label = "the struct has a channel",
    note = "write `#[consumer(worker)]` above `impl {Self}`"
)]
pub trait HandlesSockets {}
