//! What generated code calls; nothing here is for people.
//!
//! The macros name these paths and no others, so that everything that they need from outside is in one place.

use std::{fmt::Display, future::Future};

pub use std::{
    clone::Clone,
    convert::Into,
    default::Default,
    fmt,
    marker::{Send, Sync},
    option::Option,
    prelude::v1::derive,
    primitive,
    result::Result,
    string::String,
    sync::Arc,
};

pub use axum::http::request::Parts;
pub use bytes::Bytes;
pub use serde::{self, Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

pub use crate::{
    close::Disconnect,
    consumer::{Built, Connect, Connects, Consumer, Declaration, Declared, Handler, HandlerKind, InGroup, Slot},
    context::{BlockingContext, Context, SentBy},
    decode::{Tagged, deserialize_tagged, fold},
    error::Error,
    event::{Event, EventSet, HandledBy, Shared},
    group::{CarriedBy, Group, JoinedBy, OwnGroup},
    message::Message,
    names::{GroupName, NameError},
    outcome::{Fanned, HandlerError, Outcome, Quiet},
    refusal::Refusal,
    settings::Settings,
};

pub mod args;
pub mod blocking;
pub mod checks;
pub mod fields;
pub mod unit;

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

/// Joins the declared group, right after the consumer was built.
pub async fn enter<C: Consumer>(
    group: Option<Result<GroupName, NameError>>,
    context: &mut Context<C>,
) -> Result<(), Refusal> {
    match group {
        None => Ok(()),
        Some(Ok(name)) => context.enter(name).await,
        Some(Err(error)) => Err(Error::from(error).into()),
    }
}

/// Decodes a client's frame as a connection does, for measuring.
pub fn decode_receive<T: Tagged>(text: &str) -> Option<T> {
    crate::decode::decode_frame(text).ok().map(|(value, _)| value)
}
