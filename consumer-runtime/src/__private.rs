//! What generated code calls; nothing here is for people.
//!
//! The macros name these paths and no others, so that everything that they need from outside is in one place.

use std::{fmt::Display, future::Future};

pub use std::{
    clone::Clone,
    column,
    convert::{From, Into},
    default::Default,
    fmt, format_args, line,
    marker::{Send, Sync},
    module_path,
    option::Option,
    prelude::v1::derive,
    primitive,
    result::Result,
    string::String,
    sync::Arc,
};

pub use axum::{
    Router,
    http::request::Parts,
    response::{IntoResponse, Response},
};
pub use bytes::Bytes;
pub use serde::{self, Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

pub use crate::{
    close::Disconnect,
    consumer::{
        Built, Connect, Connects, Consumer, Declaration, Declared, Handler, HandlerKind, InGroup, Slot, SoleGroup,
    },
    context::{BlockingContext, Context, SentBy, SeveralGroups},
    decode::{Tagged, deserialize_tagged, fold},
    error::{Answer, Error},
    event::{Event, EventSet, HandledBy, Shared},
    group::{CarriedBy, Group, GroupDeclaration, GroupNames, JoinedBy, OwnGroup},
    key::{Key, KeyField},
    message::Message,
    names::{GroupName, NameError},
    outcome::{Fanned, HandlerError, Outcome, Quiet},
    refusal::Refusal,
    reply_error::ReplyError,
    route::RouterExt,
    settings::Settings,
    worker::{OnChannel, WorkOf, Worker, WorkerContext, WorkerDeclaration},
};

/// For the fuzzers.
#[cfg(feature = "redis")]
pub use crate::layer::reading;

pub mod args;
pub mod blocking;
pub mod checks;
pub mod fields;
pub mod measure;
pub mod replies;
pub mod schema;
pub mod unit;

/// The attributes of handlers; from their own crate, where no module has the name of one.
pub mod markers {
    pub use consumer_macros::{connect, disconnect, event, receive};
}

/// A handler's future, which must be `Send` since the runtime may move a connection to another thread.
pub fn require_send<F: Future + Send>(future: F) -> F {
    future
}

/// The result of a handler that answers nobody.
pub fn quiet<Q: Quiet>(output: Q) -> Outcome {
    output.into_outcome()
}

/// A value that answers the frame.
pub fn answer<T: Serialize>(value: T) -> Outcome {
    Outcome::value(&value)
}

/// A value or an error that answers the frame.
pub fn answer_result<T: Serialize, E: HandlerError>(result: Result<T, E>) -> Outcome {
    match result {
        Ok(value) => Outcome::value(&value),
        Err(error) => Outcome::Failed(error.into_error()),
    }
}

/// A shared handler's value, for every member.
pub fn fan<T: Serialize>(value: T) -> Fanned {
    Fanned::value(&value)
}

/// A shared handler's value, or nothing to send.
pub fn fan_option<T: Serialize>(value: Option<T>) -> Fanned {
    value.map_or(Fanned::Nothing, |value| Fanned::value(&value))
}

/// A shared handler's value or error.
pub fn fan_result<T: Serialize, E: HandlerError>(result: Result<T, E>) -> Fanned {
    match result {
        Ok(value) => Fanned::value(&value),
        Err(error) => Fanned::Failed(error.into_error()),
    }
}

/// A shared handler's value, nothing to send, or an error.
pub fn fan_result_option<T: Serialize, E: HandlerError>(result: Result<Option<T>, E>) -> Fanned {
    match result {
        Ok(value) => fan_option(value),
        Err(error) => Fanned::Failed(error.into_error()),
    }
}

/// Reads no payload: the runtime asks only for indices that [`Tagged::find`] gave it.
pub fn unknown_index<T, E: serde::de::Error>(index: usize) -> Result<T, E> {
    Err(E::custom(format_args!("there is no payload {index}")))
}

/// Stands for the call of a handler that has a mistake: it compiles, and never runs.
pub fn broken() -> ! {
    unreachable!("a program with a mistake in a handler does not compile")
}

/// Fills a group's template.
pub fn render(template: &'static str, fields: &[(&'static str, &dyn Display)]) -> Result<GroupName, NameError> {
    crate::group::render(template, fields)
}

/// A payload for a handler that takes it by value: moved when nobody else holds it, cloned otherwise.
pub fn owned<E: args::ByValue>(payload: Arc<E>) -> E {
    Arc::unwrap_or_clone(payload)
}

/// A router of `routes!`, before the first consumer is mounted.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
}

/// One consumer of `routes!`, at its declared path.
#[track_caller]
pub fn mount<C: Connects<S>, S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    RouterExt::consumer::<C>(router)
}

/// Joins the declared groups, right after the consumer was built.
pub async fn enter<C: Consumer>(
    groups: Result<GroupNames, NameError>,
    context: &mut Context<C>,
) -> Result<(), Refusal> {
    context.enter(groups.map_err(Error::from)?).await
}

/// Decodes a client's frame as a connection does, for measuring.
pub fn decode_receive<T: Tagged>(text: &str) -> Option<T> {
    crate::decode::decode_frame(text).ok().map(|(value, _)| value)
}
