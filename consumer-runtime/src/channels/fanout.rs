//! From one message to what each member of one consumer type gets.

use std::{
    any::{Any, TypeId},
    fmt,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::local::Local;
use crate::{
    connection::{Arriving, Waiting},
    consumer::Consumer,
    event::EventSet,
    message::Message,
    outcome::Fanned,
};

/// A consumer type without its type: what a group needs of its members.
pub(crate) trait Kind: Send + Sync {
    /// Which type it is.
    fn id(&self) -> TypeId;

    /// The type's name.
    fn consumer(&self) -> &'static str;

    /// Decodes the message and runs its shared handler, once for all members; `None` when there is nothing to deliver,
    /// which is then logged and counted for `members` of them.
    fn prepare(&self, message: &Message, members: usize, local: &Local) -> Option<Arriving>;
}

impl fmt::Debug for dyn Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.consumer())
    }
}

/// The kind of `C`.
struct KindOf<C>(PhantomData<fn() -> C>);

/// The kind of `C`, as every connection of it holds it.
pub(crate) fn kind_of<C: Consumer>() -> &'static dyn Kind {
    const { &KindOf::<C>(PhantomData) }
}

impl<C: Consumer> Kind for KindOf<C> {
    fn id(&self) -> TypeId {
        TypeId::of::<C>()
    }

    fn consumer(&self) -> &'static str {
        C::DECLARATION.consumer
    }

    fn prepare(&self, message: &Message, members: usize, local: &Local) -> Option<Arriving> {
        let (consumer, counters) = (self.consumer(), local.counters());
        let event = match message.decode::<C::Event>() {
            Some(Ok(event)) => event,
            Some(Err(error)) => {
                counters.undecodable(members);
                if local.first_time("undecodable", consumer, message.name()) {
                    tracing::error!(consumer, event = message.name(), %error, "the message does not fit the handler's payload; dropped (logged once)");
                }
                return None;
            }
            None => {
                counters.unhandled(members);
                if local.first_time("unhandled", consumer, message.name()) {
                    tracing::warn!(
                        consumer,
                        event = message.name(),
                        "there is no handler for this event; dropped (logged once)"
                    );
                }
                return None;
            }
        };
        let name = event.name();
        match catch_unwind(AssertUnwindSafe(|| C::fan(&event))) {
            Ok(Fanned::Each) => {
                let event: Arc<dyn Any + Send + Sync> = Arc::new(event);
                Some(Arriving::Event(Waiting { name, event }))
            }
            Ok(Fanned::Frame(frame)) => Some(Arriving::Frame(frame)),
            Ok(Fanned::Nothing) => None,
            Ok(Fanned::Failed(error)) => {
                counters.failed_event();
                if local.first_time("failed", consumer, name) {
                    tracing::error!(consumer, event = name, %error, "the shared handler failed; nothing is sent (logged once)");
                }
                None
            }
            Err(panic) => {
                counters.panicked();
                tracing::error!(
                    consumer,
                    event = name,
                    panic = panic_text(&*panic),
                    "the shared handler panicked; nothing is sent"
                );
                None
            }
        }
    }
}

/// What a panic says, when it says it in words.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "no text",
    }
}
