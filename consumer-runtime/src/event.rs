//! Events, and which consumer handles which.

use std::{any::Any, sync::Arc};

use serde::{Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::{consumer::Consumer, decode::Tagged, key::Key, message::Message};

/// A payload with a name: what travels through the channel layer to consumers.
///
/// Implemented by `#[event("chat.message")]`, which also adds serde's derives and makes the struct serialise with its
/// name as the first field, `{"type": "chat.message", ..}`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "this type has no event name",
    note = "an event is a struct with `#[event(\"chat.message\")]` above it; what the browser sends is for `#[receive]`"
)]
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The name, as in `chat.message`.
    const NAME: &'static str;

    /// What a handler answers whoever [asks](crate::Group::ask): the type in `answer = ..`, `()` without one.
    type Answer: Serialize + DeserializeOwned + Send + 'static;

    // Generated code asks for `Event` in these forms alone, each underlined at the payload in the user's signature: a
    // payload that is no event is then one error, since the compiler prints equal ones once.

    #[doc(hidden)]
    fn __write<S: Serializer>(event: &Self, serializer: S) -> Result<S::Ok, S::Error> {
        event.serialize(serializer)
    }

    #[doc(hidden)]
    fn __read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Self>, D::Error> {
        Self::deserialize(deserializer).map(Arc::new)
    }

    #[doc(hidden)]
    fn __shared(payload: Shared) -> Result<Arc<Self>, Shared> {
        payload.downcast()
    }

    #[doc(hidden)]
    fn __message(event: Self) -> Message {
        Message::event(event)
    }

    /// What the event is about, by `key` in `#[event(..)]`: a newer one about the same may take its place.
    #[doc(hidden)]
    fn __key(_: &Self) -> Option<Key> {
        None
    }
}

/// An event that consumer `C` has a handler for.
#[diagnostic::on_unimplemented(
    message = "`{C}` has no handler for event `{Self}`",
    label = "`{C}` can't handle this",
    note = "add a handler to the `#[consumer] impl {C}`, with the event's own name:\n    #[event(\"..\")]\n    async fn handler(&mut self, event: &{Self}, context: &mut Context<Self>) -> Result {{ .. }}",
    note = "an event is sent by value, and is a struct with `#[event(\"..\")]` above it"
)]
pub trait HandledBy<C> {
    /// The event as `C`'s own enum holds it.
    #[doc(hidden)]
    fn into_event(event: Arc<Self>) -> C::Event
    where
        C: Consumer;

    /// The event as it is sent. It is here so that a send asks for a handler alone: what is no event has none, and that
    /// is one error.
    #[doc(hidden)]
    fn into_message(event: Self) -> Message
    where
        Self: Sized;
}

/// The events of one consumer: implemented by the enum that `#[consumer]` generates.
#[doc(hidden)]
pub trait EventSet: Tagged + Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The name of the event that this value holds.
    fn name(&self) -> &'static str;

    /// What the event is about, when a shared handler makes its frame.
    fn key(&self) -> Option<Key> {
        None
    }

    /// Takes a payload that another part of this process already holds; gives it back when it is of another type.
    fn from_shared(index: usize, payload: Shared) -> Result<Self, Shared>;
}

/// A payload whose type is known only to sender and receiver.
#[doc(hidden)]
pub type Shared = Arc<dyn Any + Send + Sync>;
