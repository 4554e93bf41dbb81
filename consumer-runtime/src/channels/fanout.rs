//! From one message to what each member of one consumer type gets.

use std::{
    any::{Any, TypeId},
    fmt,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use serde_json::value::RawValue;

use tokio::time::Instant;

use super::local::{Local, Owed};
#[cfg(feature = "inspector")]
use crate::consumer::{Declaration, Handler};
use crate::{
    asking::NoAnswer,
    close::RemoteClose,
    connection::{Chunk, Connection, Full, Nudge, Shared, Waiting},
    consumer::Consumer,
    decode::Tagged as _,
    error::Error,
    event::EventSet,
    key::Key,
    message::Message,
    meters::{Outcome, Timer},
    outcome::Fanned,
};

/// A consumer type without its type: what a group needs of its members.
pub(crate) trait Kind: Send + Sync {
    /// Which type it is.
    fn id(&self) -> TypeId;

    /// The type's name.
    fn consumer(&self) -> &'static str;

    /// What it declares.
    #[cfg(feature = "inspector")]
    fn declaration(&self) -> &'static Declaration;

    /// Its handlers.
    #[cfg(feature = "inspector")]
    fn handlers(&self) -> &'static [Handler];

    /// Whether the consumer has a handler for an event of this name.
    fn handles(&self, name: &str) -> bool;

    /// Decodes the message and runs its shared handler, once for all members; what cannot be delivered is logged and
    /// counted for `members` of them.
    fn prepare(&self, message: &Message, members: usize, local: &Local) -> Prepared;
}

/// What every member of one consumer type gets.
pub(crate) enum Prepared {
    /// A whole text frame that the shared handler made.
    Frame(Shared, Option<Key>),
    /// The consumer's own event enum, for the handler of each member; or a [`RemoteClose`].
    Event(Arc<dyn Any + Send + Sync>),
    /// Nothing, for this reason; `None` when the shared handler wants it so.
    Nothing(Option<NoAnswer>),
}

impl Prepared {
    /// Hands it to one member, and to who asks what there is to say already; what is left to do then is the caller's.
    pub(crate) fn hand_to(
        &self,
        connection: &Connection,
        owed: Option<Owed>,
        expires: Instant,
    ) -> (Result<(), Full>, Nudge) {
        match self {
            Self::Event(event) => {
                connection.accept_events([(Waiting { event: Arc::clone(event), owed }, expires)].into_iter())
            }
            Self::Frame(frame, key) => {
                let bytes = frame.frame_for(connection.session(), connection.counters());
                let (taken, nudge) = connection.accept(Chunk { key: *key, ..Chunk::frame(bytes) }, expires);
                // A connection that is over takes everything, and drops it; the debt tells so.
                if let (Some(owed), Ok(()), false) = (owed, taken, connection.is_over()) {
                    owed.pay(Ok(RawValue::NULL.to_owned()));
                }
                (taken, nudge)
            }
            Self::Nothing(why) => {
                if let Some(owed) = owed {
                    owed.pay(why.clone().map_or_else(|| Ok(RawValue::NULL.to_owned()), Err));
                }
                (Ok(()), Nudge::Nothing)
            }
        }
    }
}

impl fmt::Debug for dyn Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.consumer())
    }
}

/// The kind of `C`.
struct KindOf<C>(PhantomData<fn() -> C>);

/// The kind of `C`, as every connection of it holds it.
pub(crate) fn kind_of<C: Consumer>() -> KindRef {
    const { &(&KindOf::<C>(PhantomData) as &dyn Kind) }
}

/// A kind in one word.
pub(crate) type KindRef = &'static &'static dyn Kind;

impl<C: Consumer> KindOf<C> {
    fn undecodable(&self, message: &Message, error: &Error, members: usize, local: &Local) -> Prepared {
        local.counters().undecodable(members);
        let (consumer, event) = (self.consumer(), message.name());
        local.meters().misfit::<C::Event>(consumer, event, members);
        if local.first_time("undecodable", consumer, event) {
            tracing::error!(consumer, event, %error, "the message does not fit the handler's payload; dropped (logged once)");
        }
        Prepared::Nothing(Some(NoAnswer::Unhandled))
    }
}

impl<C: Consumer> Kind for KindOf<C> {
    fn id(&self) -> TypeId {
        TypeId::of::<C>()
    }

    fn consumer(&self) -> &'static str {
        C::DECLARATION.consumer
    }

    #[cfg(feature = "inspector")]
    fn declaration(&self) -> &'static Declaration {
        &C::DECLARATION
    }

    #[cfg(feature = "inspector")]
    fn handlers(&self) -> &'static [Handler] {
        C::HANDLERS
    }

    fn handles(&self, name: &str) -> bool {
        C::Event::find(name).is_some()
    }

    fn prepare(&self, message: &Message, members: usize, local: &Local) -> Prepared {
        let (consumer, counters) = (self.consumer(), local.counters());
        if let Some(close) = RemoteClose::read(message) {
            return match close {
                Ok(close) => Prepared::Event(Arc::new(close)),
                Err(error) => self.undecodable(message, &error, members, local),
            };
        }
        // A payload's `Deserialize` is the user's code, and its panic nothing that a sender should die of.
        let decoded = catch_unwind(AssertUnwindSafe(|| message.decode::<C::Event>()));
        let decoded = decoded.unwrap_or_else(|panic| {
            counters.panicked();
            Some(Err(Error::msg(format!("its `Deserialize` panicked: {}", panic_text(&*panic)))))
        });
        let event = match decoded {
            Some(Ok(event)) => event,
            Some(Err(error)) => return self.undecodable(message, &error, members, local),
            None => {
                counters.unhandled(members);
                local.meters().misfit::<C::Event>(consumer, message.name(), members);
                if local.first_time("unhandled", consumer, message.name()) {
                    tracing::warn!(
                        consumer,
                        event = message.name(),
                        "there is no handler for this event; dropped (logged once)"
                    );
                }
                return Prepared::Nothing(Some(NoAnswer::Unhandled));
            }
        };
        let (name, timer) = (event.name(), Timer::start());
        let fanned = catch_unwind(AssertUnwindSafe(|| (C::fan(&event), event.key())));
        let became = match &fanned {
            // Each connection tells for itself.
            Ok((Fanned::Each, _)) => None,
            Ok((Fanned::Frame(_) | Fanned::Nothing, _)) => Some(Outcome::Handled),
            Ok((Fanned::Failed(_), _)) => Some(Outcome::Failed),
            Err(_) => Some(Outcome::Panicked),
        };
        if let Some(became) = became {
            timer.stop(local.meters(), consumer, name);
            local.meters().event(consumer, name, became, members);
        }
        match fanned {
            Ok((Fanned::Each, _)) => Prepared::Event(Arc::new(event)),
            Ok((Fanned::Frame(frame), key)) => Prepared::Frame(Shared::new(frame), key),
            Ok((Fanned::Nothing, _)) => Prepared::Nothing(None),
            Ok((Fanned::Failed(error), _)) => {
                counters.failed_event();
                if local.first_time("failed", consumer, name) {
                    tracing::error!(consumer, event = name, %error, "the shared handler failed; nothing is sent (logged once)");
                }
                Prepared::Nothing(Some(error.told().map_or(NoAnswer::Gone, NoAnswer::Error)))
            }
            Err(panic) => {
                counters.panicked();
                tracing::error!(
                    consumer,
                    event = name,
                    panic = panic_text(&*panic),
                    "the shared handler panicked; nothing is sent"
                );
                Prepared::Nothing(Some(NoAnswer::Gone))
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
